import Synchronization

/// Tables that several threads fill at once, each its own.
final class ShardTables: Sendable {
    private let tables: [Shard]

    private final class Shard: Sendable {
        let counts: Mutex<PieceCounts>

        init(_ counts: PieceCounts) { self.counts = Mutex(counts) }
    }

    init(_ tables: [PieceCounts]) { self.tables = tables.map(Shard.init) }

    var count: Int { tables.count }

    func update(_ shard: Int, _ body: (inout PieceCounts) -> Void) { tables[shard].counts.withLock { body(&$0) } }

    /// The tables as they are now.
    func values() -> [PieceCounts] { tables.map { shard in shard.counts.withLock { $0 } } }
}
