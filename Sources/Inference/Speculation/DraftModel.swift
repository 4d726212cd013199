import Kernels

/// A small model that writes ahead of the sequences: its runner, and how far it has read each of them.
///
/// Each sequence has a table of pages; that of an ended one is kept, and the next
/// request of the same owner whose text begins alike takes it over. When pages run out, the tables kept for longest go
/// first; a sequence for which there are none left has no draft.
final class DraftModel: @unchecked Sendable {
    // Sendable: made on one thread and then used by the engine's thread alone.
    private struct Table {
        let owner: String
        /// Those whose keys and values are in the pages, wrong guesses at the end included.
        var tokens: [Int32] = []
        var pages: [Int32] = []
    }

    let runner: any StepRunner
    private var pool: PagePool
    private var tables: [SequenceID: Table] = [:]
    /// Of ended sequences, the last one ended last.
    private var kept: [Table] = []
    private static let keptMax = 32

    init(_ runner: any StepRunner, pages: Int) {
        self.runner = runner
        pool = PagePool(count: pages)
    }

    var pagesUsed: Int { pool.count - pool.free }
    var pagesTotal: Int { pool.count }

    /// How many tokens of a text are not read. Forgets what was read of another text.
    func backlog(of id: SequenceID, owner: String, _ text: [Int32]) -> Int {
        var table = tables.removeValue(forKey: id) ?? takeKept(owner: owner, text)
        // The last token is read again if need be: its logits are what a draft begins with.
        let known = min(Self.commonTokens(table.tokens, text), text.count - 1)
        table.tokens.removeLast(table.tokens.count - known)
        tables[id] = table
        return text.count - known
    }

    /// Keeps what was read for a sequence that is gone.
    func release(_ id: SequenceID) {
        guard let table = tables.removeValue(forKey: id) else { return }
        kept.append(table)
        if kept.count > Self.keptMax { pool.give(kept.removeFirst().pages) }
    }

    /// The next tokens of some sequences, computed together.
    ///
    /// - Parameter wanted: for each sequence tokens behind those it has, and whether a row of logits is wanted.
    /// - Returns: the sequences' runs for which there were pages, and their rows.
    func read(_ wanted: [(id: SequenceID, tokens: [Int32], wantsLogits: Bool)]) -> (runs: [Step.Run], rows: StepRows)? {
        var runs: [Step.Run] = []
        for (id, tokens, wantsLogits) in wanted {
            guard let count = tables[id]?.tokens.count, growPages(of: id, to: count + tokens.count),
                let pages = tables[id]?.pages
            else { continue }
            tables[id]?.tokens += tokens
            runs.append(
                Step.Run(
                    sequence: id, tokens: tokens, firstPosition: count, pages: pages,
                    wants: wantsLogits ? .lastLogits : .nothing, isPrefill: tokens.count > 1))
        }
        return runs.isEmpty ? nil : (runs, runner.run(runs))
    }

    private func growPages(of id: SequenceID, to tokens: Int) -> Bool {
        while let held = tables[id]?.pages.count, held < ScheduledSequence.pages(tokens) {
            while pool.free == 0, !kept.isEmpty { pool.give(kept.removeFirst().pages) }
            guard let page = pool.take() else { return false }
            tables[id]?.pages.append(page)
        }
        return true
    }

    /// What was kept of the same owner with the most tokens in common, or nothing.
    private func takeKept(owner: String, _ text: [Int32]) -> Table {
        let shared = kept.map { $0.owner == owner ? Self.commonTokens($0.tokens, text) : 0 }
        guard let best = shared.indices.max(by: { shared[$0] < shared[$1] }), shared[best] >= KVStorage.pageTokens
        else { return Table(owner: owner) }
        return kept.remove(at: best)
    }

    private static func commonTokens(_ one: [Int32], _ other: [Int32]) -> Int {
        zip(one, other).prefix { $0 == $1 }.count
    }
}
