/// What a token is for; the raw values are those of `tokenizer.ggml.token_type`.
enum TokenKind: UInt8, Sendable {
    case normal = 1
    case unknown = 2
    /// Steers the model ("<|im_end|>"): never read from text that is not trusted.
    case control = 3
    /// Added to the vocabulary as a whole word ("\n\n\n", "<table>"): found in any text before all else.
    case userDefined = 4
    case unused = 5
    /// One raw byte ("<0x0A>").
    case byte = 6

    /// True for tokens that readers never see and writers may not write.
    var isSpecial: Bool { self == .control || self == .unknown }
}
