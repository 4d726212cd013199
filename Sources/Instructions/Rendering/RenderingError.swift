/// Why an example cannot be rendered as ids and targets.
package enum RenderingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The template failed or refuses the conversation.
    case template(String)
    /// No message of the assistant is to be taught.
    case noAnswer
    /// The template opens an answer in another way than it writes one down, so that teaching what it writes would not
    /// teach what serving asks for.
    case openingDiffers(message: Int, opening: String, written: String)
    /// Nothing after the answer is one of the model's end tokens: the model would never learn to stop.
    case noEndToken(message: Int)
    /// The template writes nothing of the answer: it has no place for calls of tools, say.
    case nothingWritten(message: Int)

    package var wording: Wording {
        switch self {
        case .template(let reason):
            Wording(zh: "对话模板不能渲染：\(reason)", en: reason)
        case .noAnswer:
            Wording(
                zh: "没有要学的助手回答；请补上 assistant 消息",
                en: "no answer of the assistant is to be taught; add a message of the assistant")
        case .openingDiffers(let message, let opening, let written):
            Wording(
                zh: "messages[\(message)]：模板在提问时以“\(opening)”开头，写回答时却是“\(written)”，训练与服务不一致；"
                    + "请用 --template-variables 让两者相同（如 {\"enable_thinking\": false}），或换一个模板",
                en:
                    "messages[\(message)]: the template opens an answer with “\(opening)” and writes one as "
                    + "“\(written)”, "
                    + "so training would not match serving; make them equal with --template-variables "
                    + "({\"enable_thinking\": false}, for example) or use another template")
        case .noEndToken(let message):
            Wording(
                zh: "messages[\(message)]：模板在回答之后没有写结束 token，模型学不会停；请换一个模板（如 ChatML）",
                en: "messages[\(message)]: the template writes no end token after the answer, so the model would not "
                    + "learn to stop; use another template (ChatML, for example)")
        case .nothingWritten(let message):
            Wording(
                zh: "messages[\(message)]：模板没有写出这个回答（它不支持工具调用？）；请换一个模板，或删去这一行",
                en:
                    "messages[\(message)]: the template writes nothing of this answer (has it no place for tools?); "
                    + "use another template, or take the line out")
        }
    }

    package var description: String { wording.en }
}
