/// Why a grammar, schema or expression cannot be used.
public enum GrammarError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `place` is a line ("line 3"), a byte ("byte 7") or, in a schema, a JSON pointer.
    case syntax(place: String, reason: String)
    /// Something that has a meaning, but not one that can be held to exactly.
    case unsupported(place: String, reason: String)
    /// No text at all fits.
    case impossible(place: String, reason: String)
    /// Rules that call themselves before anything is read.
    case leftRecursion(rules: [String])
    /// A field of `GrammarLimits`.
    case limit(name: String, value: Int, place: String)

    public var description: String {
        switch self {
        case .syntax(let place, let reason): "\(place): \(reason)"
        case .unsupported(let place, let reason): "\(place): \(reason)"
        case .impossible(let place, let reason): "\(place): nothing can match: \(reason)"
        case .leftRecursion(let rules):
            "the rules \(rules.joined(separator: " -> ")) begin with themselves; write the repetition with * or +, "
                + "or let the rule call itself at its end"
        case .limit(let name, let value, let place): "\(place): more than the limit \(name) of \(value)"
        }
    }
}
