/// A byte-level byte-pair vocabulary as files hold it: what training makes, and what a tokenizer.json, a
/// tokenizer_config.json and a GGUF file are written from.
///
///     let vocabulary = try BytePairVocabulary(tokenizerJSON: bytes, tokenizerConfig: config)
///     vocabulary.tokens[300]          // "Ġthe", as `tokenizer.ggml.tokens` has it
///     vocabulary.mergeRules           // ["Ġ t", "h e", …], as `tokenizer.ggml.merges` has them
///     vocabulary.preTokenizer         // "qwen2", the value of `tokenizer.ggml.pre`
///     vocabulary.tokenizerJSON()      // bytes that Hugging Face's tokenizers load
///
/// Ordinary tokens are spelled in the byte-level alphabet, one scalar for each byte; added tokens as they are written.
public struct BytePairVocabulary: Sendable, Equatable {
    /// Value of `tokenizer.ggml.model`.
    public static let model = "gpt2"

    /// Spelling of each id; empty for an id that no token has.
    public internal(set) var tokens: [String]
    /// Values of `tokenizer.ggml.token_type`: 1 ordinary, 3 control, 4 an added word, 5 unused.
    public internal(set) var types: [Int32]
    /// Ids of both sides of each rule, the first rule first.
    public internal(set) var merges: [Merge]
    /// What llama.cpp calls the way text is cut (`tokenizer.ggml.pre`).
    public internal(set) var preTokenizer: String
    /// The token that begins texts, that ends them, and that fills rows; nil where there is none.
    public internal(set) var bosID: Int32?
    public internal(set) var eosID: Int32?
    public internal(set) var padID: Int32?
    public internal(set) var chatTemplate: String?

    public struct Merge: Sendable, Equatable {
        public let left: Int32
        public let right: Int32

        public init(_ left: Int32, _ right: Int32) {
            self.left = left
            self.right = right
        }
    }

    /// Rules as text, "left right", as `tokenizer.ggml.merges` has them.
    public var mergeRules: [String] { merges.map { "\(tokens[Int($0.left)]) \(tokens[Int($0.right)])" } }

    /// Ids of control tokens, ascending.
    public var controlIDs: [Int32] { types.indices.filter { types[$0] == control }.map(Int32.init) }

    /// The bytes that an id stands for; those of its name for an added token.
    public func bytes(of id: Int32) -> [UInt8] {
        guard id >= 0, Int(id) < tokens.count else { return [] }
        var bytes: [UInt8] = []
        let isOrdinary = types[Int(id)] == Int32(TokenKind.normal.rawValue)
        if isOrdinary, ByteLevelAlphabet.decode(tokens[Int(id)].utf8, into: &bytes) { return bytes }
        return Array(tokens[Int(id)].utf8)
    }

    private var control: Int32 { Int32(TokenKind.control.rawValue) }
}
