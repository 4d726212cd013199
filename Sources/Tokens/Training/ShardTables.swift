import Synchronization

/// Tables that several threads fill at once, each its own.
final class ShardTables: Sendable {
    private let tables: [Shard]

    private final class Shard: Sendable {
        let words: Mutex<WordCounts>

        init(_ words: WordCounts) { self.words = Mutex(words) }
    }

    init(_ tables: [WordCounts]) { self.tables = tables.map(Shard.init) }

    var count: Int { tables.count }

    func update(_ shard: Int, _ body: (inout WordCounts) -> Void) { tables[shard].words.withLock { body(&$0) } }

    /// The tables, which are empty afterwards.
    func take() -> [WordCounts] {
        tables.map { shard in
            shard.words.withLock { words in
                let taken = words
                words = WordCounts()
                return taken
            }
        }
    }
}
