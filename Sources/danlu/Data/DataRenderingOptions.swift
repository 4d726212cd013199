import ArgumentParser
import Assistant
import Foundation
import Instructions
import JSON

/// How examples become ids: whose template and tokenizer, and how long a row is.
struct DataRenderingOptions: ParsableArguments {
    @Option(
        help: .init(
            Language.text(
                zh: "用这个模型的对话模板与分词器渲染：名称、文件或文件夹。",
                en: "Render with this model's chat template and tokenizer: a name, a file or a folder."),
            valueName: "name|path"))
    var model: String?

    @Option(help: .init(Language.text(zh: "训练时一行的词元数。", en: "Tokens of a row in training.")))
    var seq = 1024

    @Option(
        help: .init(
            Language.text(zh: "太长的例子：cut 截去末尾，drop 丢弃。", en: "Longer examples: cut off their end, or drop them."),
            valueName: "cut|drop"))
    var long = LessonSet.LongExamples.cut

    @Option(
        help: .init(
            Language.text(zh: "学哪些回答：every 每一个，last 最后一个。", en: "Answers that are taught: every one, or the last."),
            valueName: "every|last"))
    var answers = RenderingOptions.Answers.every

    @Option(
        help: .init(
            Language.text(
                zh: "模板变量，如 {\"enable_thinking\": false}。",
                en: "The template's variables, such as {\"enable_thinking\": false}."),
            valueName: "json"))
    var templateVariables: String?

    func validate() throws {
        if !(16...1_048_576).contains(seq) { throw ValidationError("--seq: 16…1048576") }
        _ = try variables()
    }

    private func variables() throws -> [String: JSONValue] {
        guard let text = templateVariables else { return [:] }
        guard let object = try? JSONValue(parsing: text).object else {
            throw ValidationError(
                Language.text(
                    zh: "--template-variables：应为 JSON 对象，如 '{\"enable_thinking\": false}'",
                    en: "--template-variables: a JSON object is expected, such as '{\"enable_thinking\": false}'"))
        }
        return Dictionary(object.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// - Throws: when the model or its template cannot be read.
    func renderer() throws -> SupervisedRenderer {
        let text = try LocalModels.text(model)
        return SupervisedRenderer(
            tokenizer: text.tokenizer, template: try text.template(), endTokens: text.stopTokens,
            options: RenderingOptions(answers: answers, variables: try variables(), now: Date()))
    }

    func lengths() throws -> DataLengths { DataLengths(try renderer(), tokensMax: seq + 1, long) }
}

extension LessonSet.LongExamples: ExpressibleByArgument {}
extension RenderingOptions.Answers: ExpressibleByArgument {}
