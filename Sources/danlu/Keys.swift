import ArgumentParser
import Foundation
import JSON
import Store

/// `danlu keys`: who may use the API.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: Language.text(zh: "管理 API 密钥。", en: "Manage the API's keys."),
        discussion: Language.text(
            zh: """
                例：
                  danlu keys create laptop
                  danlu keys
                  danlu keys revoke KEY-ID
                """,
            en: """
                Examples:
                  danlu keys create laptop
                  danlu keys
                  danlu keys revoke KEY-ID
                """),
        subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "新建密钥；只显示这一次。", en: "Make a key; it is shown this once."))

        @Argument(help: .init(Language.text(zh: "给谁用的名字。", en: "A name that says who uses it.")))
        var name: String
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func run() async throws {
            let (record, key) = try await Home.store().createKey(name: name)
            if json {
                Terminal.output(
                    JSONValue.object(["id": .string(record.id), "name": .string(name), "key": .string(key)])
                        .serialized())
            } else {
                Terminal.note(Language.text(zh: "请保存好，不会再次显示：", en: "Keep it safe, it is not shown again:"))
                Terminal.output(key)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "列出密钥。", en: "List the keys."))
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func run() async throws {
            let keys = try await Home.store().keys()
            if json {
                let list = keys.map { key -> JSONValue in
                    [
                        "id": .string(key.id), "name": .string(key.name), "created_at": .int(Int(key.createdAt)),
                        "last_used_at": key.lastUsedAt.map { .int(Int($0)) } ?? .null,
                        "revoked_at": key.revokedAt.map { .int(Int($0)) } ?? .null,
                    ]
                }
                Terminal.output(JSONValue.array(list).serialized())
                return
            }
            if keys.isEmpty { Terminal.note(Language.text(zh: "还没有密钥。", en: "There are no keys yet.")) }
            for key in keys {
                let state = key.revokedAt == nil ? "" : Language.text(zh: "  已作废", en: "  revoked")
                Terminal.output("\(key.id)  \(key.name)\(state)")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "作废密钥。", en: "Revoke a key."))
        @Argument(help: .init(Language.text(zh: "密钥编号，见 danlu keys。", en: "The key's id, from danlu keys.")))
        var id: String

        func run() async throws {
            let store = try Home.store()
            guard try await store.keys().contains(where: { $0.id == id }) else {
                Terminal.note(Language.text(zh: "没有密钥 \(id)；见 danlu keys", en: "there is no key \(id); see danlu keys"))
                throw ExitCode(1)
            }
            try await store.revokeKey(id)
            Terminal.note(Language.text(zh: "已作废", en: "revoked"))
        }
    }
}
