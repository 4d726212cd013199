import ArgumentParser
import Foundation
import Hub
import JSON

/// `danlu models`: what lies on this machine.
struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: Language.text(zh: "列出本机的模型。", en: "List the models on this machine."),
        discussion: Language.text(
            zh: "例：danlu models --json\n可下载的模型：danlu pull",
            en: "Example: danlu models --json\nModels to get: danlu pull"))

    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() async throws {
        let models = try ModelHome.library().models()
        if json {
            let rows = models.map { model -> JSONValue in
                [
                    "name": .string(model.name), "path": .string(model.path.path), "bytes": .int(model.bytes),
                    "quantisation": .string(model.manifest.quantisation), "licence": .string(model.manifest.licence),
                    "source": .string(model.manifest.source), "date": .string(model.manifest.date),
                ]
            }
            return Terminal.output(JSONValue.array(rows).serialized())
        }
        guard !models.isEmpty else {
            return Terminal.note(
                Language.text(zh: "还没有模型；用 danlu pull 下载。", en: "There are no models yet; get one with danlu pull."))
        }
        let width = models.map(\.name.count).max() ?? 0
        for model in models {
            let name = model.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let facts = [ModelHome.size(model.bytes), model.manifest.quantisation, model.manifest.licence]
            Terminal.output(
                "\(name)  \(facts.filter { !$0.isEmpty }.joined(separator: " · "))  \(model.manifest.date.prefix(10))")
        }
        let total = ModelHome.size(models.reduce(0) { $0 + $1.bytes })
        Terminal.note(Language.text(zh: "共 \(total)", en: "\(total) in all"))
    }
}
