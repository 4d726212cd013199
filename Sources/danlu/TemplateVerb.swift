import ArgumentParser
import Foundation
import JSON
import Templates

/// `danlu template`: what a chat template makes of a conversation.
struct TemplateVerb: ParsableCommand {
    static let fileBytesMax = 256 << 20
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: Language.text(zh: "用模板渲染对话。", en: "Render a conversation with a chat template."),
        discussion: Language.text(
            zh: """
                例：
                  danlu template --file chat.jinja --messages messages.json --add-generation-prompt --bos '<s>'
                  danlu show qwen2.5-coder-1.5b-instruct --template > chat.jinja
                """,
            en: """
                Examples:
                  danlu template --file chat.jinja --messages messages.json --add-generation-prompt --bos '<s>'
                  danlu show qwen2.5-coder-1.5b-instruct --template > chat.jinja
                """))

    @Option(help: .init(Language.text(zh: "Jinja 模板文件。", en: "The template, a Jinja file."))) var file: String
    @Option(help: .init(Language.text(zh: "消息：JSON [{role, content}, …]。", en: "Messages: JSON [{role, content}, …].")))
    var messages: String
    @Option(help: .init(Language.text(zh: "工具：JSON [{type, function}, …]。", en: "Tools: JSON [{type, function}, …].")))
    var tools: String?
    @Option(help: .init(Language.text(zh: "其他变量：JSON {名称: 值}。", en: "More variables: JSON {name: value}.")))
    var variables: String?
    @Flag(help: .init(Language.text(zh: "在末尾加上助手开头。", en: "End with the start of the assistant's turn.")))
    var addGenerationPrompt = false
    @Option(help: .init(Language.text(zh: "bos_token 的文字。", en: "The text of bos_token."))) var bos = ""
    @Option(help: .init(Language.text(zh: "eos_token 的文字。", en: "The text of eos_token."))) var eos = ""

    func run() throws {
        let source = String(decoding: try Terminal.read(file, bytesMax: Self.fileBytesMax), as: UTF8.self)
        let template = try ChatTemplate(source: source, bosToken: bos, eosToken: eos)
        let prompt = try template.render(
            messages: json(messages), tools: tools.map(json), addGenerationPrompt: addGenerationPrompt,
            extra: extra(), now: Date())
        Terminal.output(prompt.text, terminator: "")
    }

    private func extra() throws -> [String: JSONValue] {
        guard let variables else { return [:] }
        guard let object = try json(variables).object else {
            throw ValidationError(
                Language.text(zh: "--variables：应为 JSON 对象", en: "--variables: a JSON object is expected"))
        }
        return Dictionary(object.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    private func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: Terminal.read(path, bytesMax: Self.fileBytesMax))
    }
}
