/// Bounds on what a vocabulary may ask of the machine, and on what encoding keeps.
public struct TokensLimits: Sendable {
    /// Tokens in a vocabulary; the largest published ones have 262,144.
    public var tokensMax = 4 << 20
    /// Bytes of one token.
    public var tokenBytesMax = 64 << 10
    /// Bytes of all tokens together.
    public var vocabularyBytesMax = 512 << 20
    /// Merge rules of a byte-pair model.
    public var mergesMax = 8 << 20
    /// Bytes of one added (control or user-defined) token; bounds the search at each byte of a text.
    public var addedTokenBytesMax = 1024
    /// Bytes of a tokenizer.json.
    public var jsonBytesMax = 256 << 20
    /// Depth of nesting in a tokenizer.json.
    public var jsonDepthMax = 64
    /// Bytes of one token of a vocabulary that is trained here.
    public var trainedTokenBytesMax = 256
    /// Bytes of a piece of text that training takes as one word; longer ones (base64, a line of one letter) count as
    /// several, so that no merge has to walk over more.
    public var trainingPieceBytesMax = 1024
    /// Bytes of text that a thread counts at a time.
    public var trainingPartBytes = 1 << 20
    public var trainingThreadsMax = 256

    public init() {}
}
