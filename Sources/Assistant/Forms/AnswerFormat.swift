public import JSON

/// The form that an answer is held to. docs/structured-output.md says what each understands.
public struct AnswerFormat: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Any JSON object.
        case jsonObject
        /// A JSON value that fits a JSON Schema.
        case jsonSchema(JSONValue)
        /// A grammar in llama.cpp's GBNF.
        case grammar(String)
        /// A regular expression that the whole answer matches.
        case regex(String)
    }

    public var kind: Kind
    /// The field of the request that asked for it, which errors name.
    public var field: String

    public init(_ kind: Kind, field: String = "response_format") {
        self.kind = kind
        self.field = field
    }
}
