import JSON

extension Tokenizer {
    /// Makes a tokenizer of a Hugging Face model's tokenizer.json, with tokenizer_config.json where there is one.
    public static func huggingFace(
        tokenizerJSON: [UInt8], tokenizerConfig: JSONValue?, limits: TokensLimits = TokensLimits()
    ) throws(TokensError) -> Tokenizer {
        throw .unsupported(what: "format", found: "tokenizer.json", supported: "GGUF")
    }
}
