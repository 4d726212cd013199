/// How the text of a vocabulary in training is cut, and how when it serves.
///
/// Training cuts by Qwen 2's pattern: words with one space or sign before them, digits one by one, signs with the line
/// breaks after them, white space. A vocabulary of words only is cut the same way when it serves. One that has phrases
/// needs a way of cutting that does not part their words: SuperBPE's, which cuts at numbers only. Hugging Face's
/// tokenizers run either from a tokenizer.json, llama.cpp by its name, and this target by scanners that are linear in
/// the text. (llama.cpp and published SuperBPE vocabularies cut numbers into threes; no token of ours has two digits.)
///
/// A Chinese clause without a sign is one piece. Nothing cuts it, so that training and serving see the same; what keeps
/// tokens from becoming whole clauses is a bound on the bytes of a token (`TokenizerTrainingSettings.tokenBytesMax`).
/// Cutting Han runs by a pattern of our own was rejected: no published program would read such a vocabulary.
enum TrainingPattern {
    /// Values of `tokenizer.ggml.pre`.
    static let words = "qwen2"
    static let phrases = "superbpe"
    /// What training cuts by.
    static let preTokenizer = PreTokenizer.qwen2

    /// The patterns that a tokenizer.json splits by, one after the other; nil for other names.
    static func regexes(_ name: String) -> [String]? {
        switch name {
        case words: [KnownPatterns.qwen2]
        case phrases: [KnownPatterns.numbers, KnownPatterns.thousands]
        default: nil
        }
    }

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
