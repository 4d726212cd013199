/// How the text of a vocabulary in training is cut, the same when it is trained and when it serves.
///
/// Qwen 2's pattern: words with one space or sign before them, digits one by one, signs with the line breaks after
/// them, white space. Hugging Face's tokenizers run it from a tokenizer.json, llama.cpp by its name, and this target by
/// a scanner that is linear in the text.
///
/// A Chinese clause without a sign is one piece. Nothing cuts it, neither here nor when serving, so that both see the
/// same splits; what keeps tokens from becoming whole clauses is a bound on the bytes of a token
/// (`TokenizerTrainingSettings.tokenBytesMax`). Cutting Han runs by a pattern of our own was rejected: no published
/// program would read such a vocabulary.
enum TrainingPattern {
    /// Value of `tokenizer.ggml.pre`.
    static let name = "qwen2"
    static let regex = KnownPatterns.qwen2
    static let preTokenizer = PreTokenizer.qwen2

    /// The last place at which text may be cut without changing its pieces, at most `limit`, or nil.
    ///
    /// White space that has a line break ends a piece at its last break. A break before anything that cannot be white
    /// space is that last break; ASCII and Han are what is looked for.
    static func lastCut(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int? {
        var i = min(limit, text.count - 1)
        while i > start {
            let byte = text[i]
            let isSolid = (0x21...0x7E).contains(byte) || (0xE4...0xE9).contains(byte)
            if isSolid, text[i - 1] == 0x0A { return i }
            i -= 1
        }
        return nil
    }
}
