/// What can be wrong with a vocabulary that somebody else wrote.
///
/// Encoding and decoding never fail; only loading throws.
public enum TokensError: Error, Equatable, CustomStringConvertible {
    /// A value that this kind of tokenizer cannot do without is absent.
    case missing(String)
    /// Well formed, but not something this build can run exactly; never guessed at.
    case unsupported(what: String, found: String, supported: String)
    /// A value that contradicts the format or another value.
    case malformed(what: String, expected: String, found: String)
    /// A value beyond one of `TokensLimits`.
    case tooLarge(what: String, limit: Int, found: Int)

    public var description: String {
        switch self {
        case .missing(let what):
            "the tokenizer lacks \(what); the file is incomplete, fetch or convert it again"
        case .unsupported(let what, let found, let supported):
            "the tokenizer's \(what) is \(Self.quoted(found)), which is not supported; supported are: \(supported)"
        case .malformed(let what, let expected, let found):
            "the tokenizer's \(what) is broken: expected \(expected), found \(Self.quoted(found))"
        case .tooLarge(let what, let limit, let found):
            "the tokenizer's \(what) is \(found), the limit is \(limit)"
        }
    }

    /// Hostile text is cut and kept on one line.
    private static func quoted(_ text: String) -> String {
        let charactersMax = 200
        let shown = text.unicodeScalars.prefix(charactersMax).map { $0.value < 0x20 ? "\u{FFFD}" : String($0) }.joined()
        return "\"\(shown)\(text.unicodeScalars.count > charactersMax ? "…" : "")\""
    }
}
