import ArgumentParser
import Foundation
import JSON
import Templates

/// `danlu template`: what a chat template makes of a conversation.
struct TemplateVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: Language.text(zh: "用模板渲染对话。", en: "Render a conversation with a chat template."),
        discussion: "  danlu template --file chat.jinja --messages messages.json --add-generation-prompt")

    @Option(help: "Jinja") var file: String
    @Option(help: "JSON [{role, content}, …]") var messages: String
    @Option(help: "JSON [{type, function}, …]") var tools: String?
    @Option(help: "JSON {name: value}") var variables: String?
    @Flag(help: .init(Language.text(zh: "在末尾加上助手开头。", en: "End with the start of the assistant's turn.")))
    var addGenerationPrompt = false
    @Option(help: "<s>") var bos = ""
    @Option(help: "</s>") var eos = ""

    func run() async throws {
        let template = try ChatTemplate(
            source: String(decoding: try read(file), as: UTF8.self), bosToken: bos, eosToken: eos)
        let prompt = try template.render(
            messages: try JSONValue(parsing: read(messages)), tools: try tools.map { try JSONValue(parsing: read($0)) },
            addGenerationPrompt: addGenerationPrompt,
            extra: try variables.map { try JSONValue(parsing: read($0)) }?.object.map {
                Dictionary($0.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
            } ?? [:],
            now: Date())
        Terminal.output(prompt.text, terminator: "")
    }

    private func read(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }
}
