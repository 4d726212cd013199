/// The tokens by id: what bytes each stands for and what kind it is.
///
///     arena:   | bytes of 0 | bytes of 1 | …          offsets: count + 1 places in the arena
///
/// The bytes are the text that a token decodes to, not the spelling of the file: "Ġthe" and "▁the" are both " the".
struct Vocabulary: Sendable {
    private(set) var arena: [UInt8] = []
    private(set) var offsets: [UInt32] = [0]
    private(set) var kinds: [TokenKind] = []

    var count: Int { kinds.count }

    init(tokens: Int) {
        offsets.reserveCapacity(tokens + 1)
        kinds.reserveCapacity(tokens)
        arena.reserveCapacity(tokens * 8)
    }

    mutating func append(kind: TokenKind, _ write: (inout [UInt8]) -> Void) {
        write(&arena)
        offsets.append(UInt32(arena.count))
        kinds.append(kind)
    }

    mutating func setKind(_ kind: TokenKind, of id: Int) { kinds[id] = kind }

    func range(_ id: Int) -> Range<Int> { Int(offsets[id])..<Int(offsets[id + 1]) }

    func contains(_ id: Int32) -> Bool { id >= 0 && Int(id) < kinds.count }

    /// Token of each byte ("<0x0A>"), -1 for none.
    var byteTokens: [Int32] {
        var table = noByteTokens
        for id in 0..<count where kinds[id] == .byte { table[Int(arena[range(id).lowerBound])] = Int32(id) }
        return table
    }

    var noByteTokens: [Int32] { [Int32](repeating: -1, count: 256) }

    /// The control token with this spelling; a search from end to end, for loading only.
    func special(_ spelling: [UInt8]) -> Int32? {
        (0..<count).first { kinds[$0].isSpecial && arena[range($0)].elementsEqual(spelling) }.map { Int32($0) }
    }
}
