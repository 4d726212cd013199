/// Why a template could not be read or rendered.
public enum TemplateError: Error, Hashable, CustomStringConvertible {
    /// One of `TemplateLimits` was reached: the limit's name and its value.
    case limit(name: String, value: Int)
    /// The source is not a template.
    case syntax(line: Int, reason: String)
    /// The template does something that its values do not allow, such as adding a number to a text.
    case evaluation(line: Int, reason: String)
    /// The template itself refuses the conversation, in its own words: roles that do not alternate, for example.
    case refused(String)
    /// The template needs what this interpreter does not have.
    case unsupported(line: Int, what: String)
    /// Messages or tools have a shape that no template can take.
    case input(String)

    public var description: String {
        switch self {
        case .limit(let name, let value):
            "the chat template reached its limit \(name) (\(value)); use another template or raise the limit"
        case .syntax(let line, let reason):
            "line \(line) of the chat template cannot be read: \(reason); use another template"
        case .evaluation(let line, let reason):
            "line \(line) of the chat template failed: \(reason); change the messages or use another template"
        case .refused(let message): "the chat template refuses these messages: \(message)"
        case .unsupported(let line, let what):
            "line \(line) of the chat template needs \(what), which is not supported; use another template"
        case .input(let what): "the messages cannot be rendered: \(what)"
        }
    }

    /// A failure inside an expression; the renderer, which knows the line, adds it.
    static func fault(_ reason: String) -> TemplateError { .evaluation(line: 0, reason: reason) }

    func at(line: Int) -> TemplateError {
        switch self {
        case .evaluation(0, let reason): .evaluation(line: line, reason: reason)
        case .unsupported(0, let what): .unsupported(line: line, what: what)
        default: self
        }
    }
}
