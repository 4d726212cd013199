import JSON

extension Tokenizer {
    /// Makes a tokenizer of a Hugging Face model's tokenizer.json.
    ///
    /// Models BPE and Unigram with the normalizers, pre-tokenizers and decoders of published language models; anything
    /// else is a `TokensError` that names it, never an approximation.
    ///
    /// - Parameter tokenizerConfig: tokenizer_config.json, which names BOS, EOS and padding.
    public static func huggingFace(
        tokenizerJSON: [UInt8], tokenizerConfig: JSONValue?, limits: TokensLimits = TokensLimits()
    ) throws(TokensError) -> Tokenizer {
        Tokenizer(
            try HuggingFaceLoader(bytes: tokenizerJSON, config: tokenizerConfig ?? .null, limits: limits).load())
    }
}
