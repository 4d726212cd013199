/// Token ids of pieces seen lately, by their bytes.
///
///     slots:  hash | place of key | length of key | number of ids | place of ids
///     keys, ids: what the slots point into
///
/// When a limit is reached all is forgotten at once, which costs less than keeping an order of use.
struct PieceCache {
    private struct Slot {
        var hash: UInt32 = 0
        var key: UInt32 = 0
        var ids: UInt32 = 0
        var keyLength: UInt16 = 0
        var idCount: UInt16 = 0
    }

    /// Pieces in the cache; the table has twice as many slots.
    static let piecesMax = 1 << 15
    /// Bytes of a piece that is kept.
    static let pieceBytesMax = 64
    private static let mask = piecesMax * 2 - 1

    private var slots: [Slot] = []
    private var keys: [UInt8] = []
    private var ids: [Int32] = []
    private var count = 0
    private let seed = ByteHash.seed

    @inline(__always)
    func hash(_ text: [UInt8], _ start: Int, _ end: Int) -> UInt64 { ByteHash.hash(text, start, end, seed: seed) }

    /// Appends the ids of a piece if it is known.
    @inline(__always)
    func find(_ text: [UInt8], _ start: Int, _ end: Int, hash: UInt64, into output: inout [Int32]) -> Bool {
        if slots.isEmpty { return false }
        var place = Int(truncatingIfNeeded: hash) & Self.mask
        let high = UInt32(truncatingIfNeeded: hash >> 32)
        while slots[place].keyLength != 0 {
            let slot = slots[place]
            if slot.hash == high, Int(slot.keyLength) == end - start, isEqual(text, start, end, Int(slot.key)) {
                for i in Int(slot.ids)..<Int(slot.ids) + Int(slot.idCount) { output.append(ids[i]) }
                return true
            }
            place = (place + 1) & Self.mask
        }
        return false
    }

    /// Keeps the ids of a piece that `find` did not know.
    mutating func insert(_ text: [UInt8], _ start: Int, _ end: Int, hash: UInt64, ids new: ArraySlice<Int32>) {
        if count == Self.piecesMax || slots.isEmpty { reset() }
        var place = Int(truncatingIfNeeded: hash) & Self.mask
        while slots[place].keyLength != 0 { place = (place + 1) & Self.mask }
        slots[place] = Slot(
            hash: UInt32(truncatingIfNeeded: hash >> 32), key: UInt32(keys.count), ids: UInt32(ids.count),
            keyLength: UInt16(end - start), idCount: UInt16(new.count))
        keys.append(contentsOf: text[start..<end])
        ids.append(contentsOf: new)
        count += 1
    }

    private mutating func reset() {
        slots = [Slot](repeating: Slot(), count: Self.mask + 1)
        keys.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
        count = 0
    }

    @inline(__always)
    private func isEqual(_ text: [UInt8], _ start: Int, _ end: Int, _ key: Int) -> Bool {
        var j = key
        for i in start..<end {
            if text[i] != keys[j] { return false }
            j += 1
        }
        return true
    }
}
