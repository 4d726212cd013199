extension Tokenizer {
    /// The tokens of a prompt of which some parts may name control tokens and others may not.
    ///
    /// The parts are joined and encoded as one text, so that the ids are those of the whole prompt however it was put
    /// together; borders between parts mean nothing to words and merges. Only added tokens know them: one of the
    /// template's ("<|im_end|>", "<tool_call>") is read only where a run of trusted parts has all of it. Added tokens
    /// that are ordinary words ("\n\n", "<table>") are read everywhere.
    public func encode(segments: [(text: String, isTrusted: Bool)], addBOS: Bool = false) -> [Int32] {
        let (text, trust) = Self.joined(segments)
        return encode(text, .isUTF8, trust, addBOS)
    }

    /// A prompt as the model reads it. Most templates write the model's BOS themselves; for those that do not it is
    /// added, and never twice.
    public func encode(prompt segments: [(text: String, isTrusted: Bool)]) -> [Int32] {
        let tokens = encode(segments: segments)
        return missingBOS(tokens) + tokens
    }

    /// A prompt and answers as they came to be: first a prompt was read, then an answer written token by token, so no
    /// token reaches over a border between the two.
    ///
    /// - Parameter borders: UTF-8 bytes of the joined segments before each border, ascending.
    /// - Returns: the tokens, and for each border how many stand before it.
    package func encode(
        prompt segments: [(text: String, isTrusted: Bool)], borders: [Int]
    ) -> (tokens: [Int32], borders: [Int]) {
        let (text, trust) = Self.joined(segments)
        precondition(zip([0] + borders, borders + [text.count]).allSatisfy { $0 <= $1 }, "borders ascend in the text")
        var tokens: [Int32] = []
        let counts = withScratch { pipeline.encode(text, borders: borders, trust, &$0, into: &tokens) }
        let begin = missingBOS(tokens)
        return (begin + tokens, counts.map { $0 + begin.count })
    }

    private func missingBOS(_ tokens: [Int32]) -> [Int32] {
        guard addsBOS, let bosID, tokens.first != bosID else { return [] }
        return [bosID]
    }

    private static func joined(_ segments: [(text: String, isTrusted: Bool)]) -> ([UInt8], Trust) {
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
        return (text, trust)
    }
}
