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
}
