/// Why a template could not be read or rendered.
public enum TemplateError: Error, Hashable, CustomStringConvertible {
    /// One of `TemplateLimits` was reached: the limit's name and its value.
    case limit(name: String, value: Int)
    /// The template needs what this build cannot run.
    case unsupported(String)
    /// Messages or tools have a shape that no template can take.
    case input(String)

    public var description: String {
        switch self {
        case .limit(let name, let value):
            "the chat template reached its limit \(name) (\(value)); use another template or raise the limit"
        case .unsupported(let what): "the chat template cannot be run: \(what)"
        case .input(let what): "the messages cannot be rendered: \(what)"
        }
    }
}
