extension Tokenizer {
    /// The tokens of a prompt of which some parts may name control tokens and others may not.
    ///
    /// The parts are joined and encoded as one text, so that the ids are those of the whole prompt however it was put
    /// together; borders between parts mean nothing to words and merges. Only added tokens know them: one of the
    /// template's ("<|im_end|>", "<tool_call>") is read only where a run of trusted parts has all of it. Added tokens
    /// that are ordinary words ("\n\n", "<table>") are read everywhere.
    public func encode(segments: [(text: String, isTrusted: Bool)], addBOS: Bool = false) -> [Int32] {
        var text: [UInt8] = []
        var trust = Trust(everywhere: .ordinary)
        for segment in segments where !segment.text.isEmpty {
            let start = text.count
            text.append(contentsOf: segment.text.utf8)
            if segment.isTrusted {
                if let last = trust.trusted.last, last.upperBound == start {
                    trust.trusted[trust.trusted.count - 1] = last.lowerBound..<text.count
                } else {
                    trust.trusted.append(start..<text.count)
                }
            }
        }
        return encode(text, isUTF8: true, trust, addBOS)
    }
}
