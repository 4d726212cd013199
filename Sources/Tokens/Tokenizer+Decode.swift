extension Tokenizer {
    /// The bytes that a token stands for: part of a scalar, a scalar or many.
    ///
    /// Empty for ids out of range, and for control tokens unless `special` asks for their spelling.
    public func bytes(of id: Int32, special: Bool = false) -> [UInt8] {
        guard vocabulary.contains(id), special || !vocabulary.kinds[Int(id)].isSpecial else { return [] }
        return Array(vocabulary.arena[vocabulary.range(Int(id))])
    }

    /// The text of tokens; what is not UTF-8 becomes U+FFFD.
    public func decode(_ ids: some Sequence<Int32>, special: Bool = false) -> String {
        String(decoding: bytes(of: ids, special: special), as: UTF8.self)
    }

    /// The bytes of tokens, without the space that encoding put at the start.
    public func bytes(of ids: some Sequence<Int32>, special: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        var mayStrip = stripsLeadingSpace
        for id in ids {
            guard vocabulary.contains(id), special || !vocabulary.kinds[Int(id)].isSpecial else { continue }
            var range = vocabulary.range(Int(id))
            if mayStrip, !range.isEmpty {
                if vocabulary.arena[range.lowerBound] == 0x20 { range = range.dropFirst() }
                mayStrip = false
            }
            output += vocabulary.arena[range]
        }
        return output
    }

    /// The token with exactly this text (" the", "<|im_end|>"); added tokens come first.
    public func id(of text: String) -> Int32? {
        let bytes = Array(text.utf8)
        return pipeline.added.find(bytes) ?? pipeline.addedAfterNormalizing.find(bytes)
            ?? tokens.find(bytes, 0, bytes.count, in: vocabulary)
    }

    /// Whether a token is a control token: never shown, never read from text that is not trusted.
    public func isSpecial(_ id: Int32) -> Bool { vocabulary.contains(id) && vocabulary.kinds[Int(id)].isSpecial }
}
