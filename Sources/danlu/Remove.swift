import ArgumentParser
import Foundation
import Hub
import JSON

/// `danlu rm`: remove a model from this machine.
struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: Language.text(zh: "删除本机的模型。", en: "Remove a model from this machine."),
        discussion: Language.text(
            zh: "例：danlu rm smollm2-135m-instruct --yes", en: "Example: danlu rm smollm2-135m-instruct --yes"))

    @Argument(help: .init(Language.text(zh: "模型名称，见 danlu models。", en: "The model's name, from danlu models.")))
    var name: String
    @Flag(name: .shortAndLong, help: .init(Language.text(zh: "不再询问。", en: "Do not ask."))) var yes = false
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() async throws {
        let library = try ModelHome.library()
        guard let model = library.model(name) else {
            throw HubError.notInstalled(name, installed: library.models().map(\.name))
        }
        if !yes {
            guard Terminal.inputIsTerminal else {
                Terminal.note(Language.text(zh: "不在终端中：请加 --yes", en: "not on a terminal: add --yes"))
                throw ExitCode(2)
            }
            let size = ModelHome.size(model.bytes)
            Terminal.note(
                Language.text(zh: "删除 \(model.name)（\(size)）？[y/N] ", en: "Remove \(model.name) (\(size))? [y/N] "),
                terminator: "")
            guard ["y", "yes", "是"].contains((readLine() ?? "").lowercased()) else { throw ExitCode(1) }
        }
        let freed = try library.remove(name)
        if json {
            Terminal.output(JSONValue.object(["name": .string(model.name), "freed_bytes": .int(freed)]).serialized())
        } else {
            Terminal.note(
                Language.text(zh: "已删除，释放 \(ModelHome.size(freed))", en: "removed, \(ModelHome.size(freed)) freed"))
        }
    }
}
