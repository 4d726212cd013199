extension Tokenizer {
    /// Makes a tokenizer of a GGUF file's metadata.
    ///
    /// Byte-level byte-pair (`gpt2`), SentencePiece byte-pair (`llama`) and unigram (`t5`) vocabularies. Throws
    /// `TokensError` when something is missing, contradicts itself, or is of a kind that cannot be run exactly.
    public static func gguf(_ metadata: some TokenizerMetadata, limits: TokensLimits = TokensLimits())
        throws(TokensError)
        -> Tokenizer
    {
        Tokenizer(try GGUFLoader(metadata: metadata, limits: limits).load())
    }
}
