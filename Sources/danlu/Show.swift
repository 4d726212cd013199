import ArgumentParser
import Assistant
import Foundation
import Hub
import JSON

/// `danlu show`: what a model on this machine is, from its files alone.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Language.text(zh: "说明一个本机的模型或 LoRA 适配器。", en: "Describe a model or a LoRA adapter."),
        discussion: Language.text(
            zh: "例：danlu show smollm2-135m-instruct --json\n    danlu show ./model.gguf --template",
            en: "Examples: danlu show smollm2-135m-instruct --json\n          danlu show ./model.gguf --template"))

    @Argument(help: .init(Language.text(zh: "模型名称、文件或文件夹。", en: "A model's name, file or folder.")))
    var name: String
    @Flag(help: .init(Language.text(zh: "只输出对话模板。", en: "Print the chat template only."))) var template = false
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() throws {
        if let adapter = try adapterSheet() {
            if json { return Terminal.output(adapter.json.serialized()) }
            for (label, value) in adapter.rows where !value.isEmpty { Terminal.output("\(label): \(value)") }
            return
        }
        let entry = try LocalModels.entry(name)
        let model = try ModelHome.library().models().first { $0.path.path == entry.path }
        let text = try TextModel(path: entry.path)
        if template { return Terminal.output(text.templateSource ?? "") }
        let sheet = ModelSheet(entry: entry, installed: model, text: text)
        if json { return Terminal.output(sheet.json.serialized()) }
        for (label, value) in sheet.rows where !value.isEmpty { Terminal.output("\(label): \(value)") }
    }

    /// Nil for what is no adapter: then it is a model, or nothing.
    private func adapterSheet() throws -> AdapterSheet? {
        guard AdapterFacts.exist(at: name) else { return nil }
        let file = URL(filePath: name)
        return try AdapterSheet(name: file.lastPathComponent, path: file.path)
    }
}
