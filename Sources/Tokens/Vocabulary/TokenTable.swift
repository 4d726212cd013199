/// An open-addressing map from byte strings to token ids; the strings stay in the vocabulary's arena.
struct TokenTable: Sendable {
    /// High half: upper bits of the hash; low half: id + 1, zero for an empty slot.
    private var slots: [UInt64]
    private let mask: Int
    private let seed = ByteHash.seed
    private(set) var bytesMax = 0

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        mask = size - 1
    }

    /// The id whose bytes are `text[start..<end]`, or nil.
    @inline(__always)
    func find(_ text: [UInt8], _ start: Int, _ end: Int, in vocabulary: borrowing Vocabulary) -> Int32? {
        if end - start > bytesMax { return nil }
        let hash = ByteHash.hash(text, start, end, seed: seed)
        let high = hash & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let stored = slots[slot]
            if stored == 0 { return nil }
            if stored & 0xFFFF_FFFF_0000_0000 == high {
                let id = Int(stored & 0xFFFF_FFFF) - 1
                if Self.equal(text, start, end, vocabulary.arena, vocabulary.range(id)) { return Int32(id) }
            }
            slot = (slot + 1) & mask
        }
    }

    /// Adds a token of the vocabulary. Returns the id that already has these bytes, if any, and then adds nothing.
    mutating func insert(_ id: Int, of vocabulary: borrowing Vocabulary) -> Int32? {
        let range = vocabulary.range(id)
        if let other = find(vocabulary.arena, range.lowerBound, range.upperBound, in: vocabulary) { return other }
        bytesMax = max(bytesMax, range.count)
        let hash = ByteHash.hash(vocabulary.arena, range.lowerBound, range.upperBound, seed: seed)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(id + 1)
        return nil
    }

    @inline(__always)
    private static func equal(_ a: [UInt8], _ start: Int, _ end: Int, _ b: [UInt8], _ range: Range<Int>) -> Bool {
        guard end - start == range.count else { return false }
        var j = range.lowerBound
        for i in start..<end {
            if a[i] != b[j] { return false }
            j += 1
        }
        return true
    }

    /// The tokens that ordinary text can become: no control tokens, no bytes.
    ///
    /// Two with the same spelling are an error. Of two that only stand for the same bytes the one that is not an added
    /// token counts, else the first.
    static func ordinary(
        _ vocabulary: Vocabulary, isSpelledAlike: (Int, Int) -> Bool, isReachable: (Int) -> Bool = { _ in true }
    ) throws(TokensError) -> TokenTable {
        var tokens = TokenTable(capacity: vocabulary.count)
        for isAdded in [false, true] {
            for id in 0..<vocabulary.count where (vocabulary.kinds[id] == .userDefined) == isAdded {
                let kind = vocabulary.kinds[id]
                if kind.isSpecial || kind == .byte || vocabulary.range(id).isEmpty || !isReachable(id) { continue }
                if let other = tokens.insert(id, of: vocabulary), isSpelledAlike(Int(other), id) {
                    let spelling = String(decoding: vocabulary.arena[vocabulary.range(id)], as: UTF8.self)
                    throw .malformed(
                        what: "vocabulary", expected: "different tokens", found: "\(spelling) as \(other) and \(id)")
                }
            }
        }
        return tokens
    }

    /// Token of each single byte, -1 for none.
    func singleBytes(of vocabulary: Vocabulary) -> [Int32] {
        (0..<256).map { find([UInt8($0)], 0, 1, in: vocabulary) ?? -1 }
    }
}
