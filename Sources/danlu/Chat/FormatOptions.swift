import ArgumentParser
import Assistant
import Foundation
import JSON

/// The form that answers are held to.
struct FormatOptions: ParsableArguments {
    static let fileBytesMax = 1 << 20

    @Option(
        help: .init(Language.text(zh: "回答须符合此 JSON Schema。", en: "Answers fit this JSON Schema."), valueName: "file"))
    var jsonSchema: String?
    @Option(help: .init(Language.text(zh: "回答须符合此 GBNF 文法。", en: "Answers fit this GBNF grammar."), valueName: "file"))
    var grammar: String?
    @Option(help: .init(Language.text(zh: "回答须匹配此正则表达式。", en: "Answers match this regular expression.")))
    var regex: String?

    func validate() throws {
        guard [jsonSchema, grammar, regex].compactMap(\.self).count < 2 else {
            throw ValidationError(
                Language.text(
                    zh: "--json-schema、--grammar、--regex 只能用一个", en: "use one of --json-schema, --grammar, --regex"))
        }
    }

    func format() throws -> AnswerFormat? {
        if let jsonSchema {
            return AnswerFormat(.jsonSchema(try JSONValue(parsing: try Self.read(jsonSchema))), field: "--json-schema")
        }
        if let grammar {
            let text = String(decoding: try Self.read(grammar), as: UTF8.self)
            return AnswerFormat(.grammar(text), field: "--grammar")
        }
        return regex.map { AnswerFormat(.regex($0), field: "--regex") }
    }

    private static func read(_ path: String) throws -> Data {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ValidationError(Language.text(zh: "读不到文件 \(path)", en: "cannot read the file \(path)"))
        }
        defer { try? handle.close() }
        let data = try handle.read(upToCount: fileBytesMax + 1) ?? Data()
        guard data.count <= fileBytesMax else {
            throw ValidationError(
                Language.text(zh: "\(path) 超过 \(fileBytesMax) 字节", en: "\(path) has more than \(fileBytesMax) bytes"))
        }
        return data
    }
}
