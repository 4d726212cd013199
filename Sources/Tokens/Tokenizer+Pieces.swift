extension Tokenizer {
    /// The pieces that the pre-tokenizer cuts a text into; the whole text where there is none.
    ///
    /// What tests compare with the regular expressions that the scanners stand for.
    package func pieces(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        guard let preTokenizer = pipeline.preTokenizer else { return [text] }
        var pieces: [String] = []
        preTokenizer.forEachPiece(bytes, 0, bytes.count) {
            pieces.append(String(decoding: bytes[$0..<$1], as: UTF8.self))
        }
        return pieces
    }
}
