enum PerplexityError: Error, CustomStringConvertible {
    case windowTooLong(tokens: Int, limit: Int)
    case textTooShort

    var description: String {
        switch self {
        case .windowTooLong(let tokens, let limit):
            Language.text(
                zh: "窗口有 \(tokens) 个词元，模型的上下文是 \(limit)",
                en: "the window has \(tokens) tokens, the model's context is \(limit); use --positions or --context")
        case .textTooShort:
            Language.text(zh: "文本不足两个词元", en: "the text has fewer than two tokens")
        }
    }
}
