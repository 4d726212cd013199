import ArgumentParser
import Foundation
import Hub
import JSON

/// `danlu show`: what is known of one model on this machine.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Language.text(zh: "说明一个本机的模型。", en: "Describe a model on this machine."),
        discussion: Language.text(
            zh: "例：danlu show smollm2-135m-instruct --json", en: "Example: danlu show smollm2-135m-instruct --json"))

    @Argument(help: .init(Language.text(zh: "模型名称，见 danlu models。", en: "The model's name, from danlu models.")))
    var name: String
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() async throws {
        let library = try ModelHome.library()
        guard let model = library.model(name) else {
            throw HubError.notInstalled(name, installed: library.models().map(\.name))
        }
        let manifest = model.manifest
        if json {
            let files = manifest.files.map { file -> JSONValue in
                ["name": .string(file.name), "size": .int(file.size), "sha256": .string(file.sha256)]
            }
            let value: JSONValue = [
                "name": .string(model.name), "path": .string(model.path.path), "bytes": .int(model.bytes),
                "quantisation": .string(manifest.quantisation), "licence": .string(manifest.licence),
                "source": .string(manifest.source), "date": .string(manifest.date), "files": .array(files),
            ]
            return Terminal.output(value.serialized())
        }
        let rows = [
            (Language.text(zh: "名称", en: "name"), model.name),
            (Language.text(zh: "路径", en: "path"), model.path.path),
            (Language.text(zh: "大小", en: "size"), ModelHome.size(model.bytes)),
            (Language.text(zh: "量化", en: "quantisation"), manifest.quantisation),
            (Language.text(zh: "许可", en: "licence"), manifest.licence),
            (Language.text(zh: "来源", en: "source"), manifest.source),
            (Language.text(zh: "日期", en: "date"), manifest.date),
        ]
        for (label, value) in rows where !value.isEmpty { Terminal.output("\(label): \(value)") }
        for file in manifest.files {
            Terminal.output("  \(file.name)  \(ModelHome.size(file.size))  sha256 \(file.sha256)")
        }
    }
}
