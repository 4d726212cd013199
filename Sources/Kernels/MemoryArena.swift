/// Hands out memory for many weights one after another, so that small ones share huge pages.
///
///     let arena = MemoryArena()
///     let weight = try WeightMatrix(type: .q8_0, rows: 128, columns: 896, bytes: bytes, arena: arena)
///
/// Used by one thread. What it handed out outlives it.
public final class MemoryArena {
    private var block: Memory?
    private var used = 0

    /// What is not used of the last block is never touched and takes no memory but the rest of a page.
    private static let blockBytes = 64 << 20

    public init() {}

    /// Zeroed memory, or nil when there is none.
    func take(_ count: Int) -> Memory? {
        guard count <= Self.blockBytes / 4 else { return Memory(zeroed: count) }
        if block.map({ used + count > $0.count }) ?? true {
            guard let fresh = Memory(zeroed: Self.blockBytes) else { return nil }
            (block, used) = (fresh, 0)
        }
        guard let block else { return nil }
        defer { used += (count + 63) / 64 * 64 }
        return Memory(partOf: block, offset: used, count: count)
    }
}
