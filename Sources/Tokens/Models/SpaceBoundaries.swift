/// Places where a text without pre-tokenizer may be cut without changing its tokens.
///
/// Vocabularies of SentencePiece put the space at the start of a word. A space after a scalar that no token has before
/// a space can never be merged with it, so what lies on either side merges alone: cutting there gives the same tokens,
/// from a cache.
struct SpaceBoundaries: Sendable {
    /// Scalars that some token has right before a space.
    private let joined: Set<UInt32>

    init(_ vocabulary: borrowing Vocabulary) {
        let reader = ScalarReader()
        var joined: Set<UInt32> = []
        for id in 0..<vocabulary.count where !vocabulary.kinds[id].isSpecial && vocabulary.kinds[id] != .byte {
            let range = vocabulary.range(id)
            guard vocabulary.arena[range].dropFirst().contains(0x20) else { continue }
            let bytes = LenientUTF8.mended(Array(vocabulary.arena[range]))
            var previous: UInt32?
            var i = 0
            while i < bytes.count {
                let unit = reader.unit(bytes, i)
                if unit.scalar == 0x20, let previous { joined.insert(previous) }
                previous = unit.scalar
                i = unit.next
            }
        }
        self.joined = joined
    }

    /// End of the part that starts at `start`: the next space that may begin another, or the limit.
    @inline(__always)
    func end(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        var i = start + 1
        while i < limit {
            if text[i] == 0x20, !joined.contains(Self.scalar(before: i, text, start)) { return i }
            i += 1
        }
        return limit
    }

    /// The scalar that ends before `end`; for bytes that are no scalar some number that no token has.
    private static func scalar(before end: Int, _ text: [UInt8], _ start: Int) -> UInt32 {
        let last = text[end - 1]
        if last < 0x80 { return UInt32(last) }
        var scalar: UInt32 = 0
        var shift: UInt32 = 0
        var i = end - 1
        while i >= start, shift < 24 {
            let byte = UInt32(text[i])
            if byte & 0xC0 != 0x80 {
                let lengths: UInt32 = shift == 6 ? 0x1F : shift == 12 ? 0x0F : 0x07
                return scalar | (byte & lengths) << shift
            }
            scalar |= (byte & 0x3F) << shift
            shift += 6
            i -= 1
        }
        return .max
    }
}
