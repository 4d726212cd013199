/// Which piece of a text followed which, as numbers of words (`WordCounts`) and gaps that no phrase spans.
///
///     "He was there.\nIt …"   →   He | was | there | . gap | It | …      32 bits each
///
/// In blocks, so that growing never copies.
struct PieceOrder: Sendable {
    static let gap = UInt32.max
    private static let blockCount = 1 << 16

    private var blocks: [[UInt32]] = []
    /// From which place on pieces count how often.
    private var sections: [(start: Int, times: Int)] = []
    private var last = gap

    private var count: Int {
        blocks.isEmpty ? 0 : (blocks.count - 1) * Self.blockCount + blocks[blocks.count - 1].count
    }

    /// What comes now counts so many times. Call it after a gap.
    mutating func begin(times: Int) {
        if sections.last?.times != times { sections.append((count, times)) }
    }

    /// - Parameter word: a word's number, or `gap`.
    @inline(__always)
    mutating func add(_ word: UInt32) {
        if word == Self.gap, last == Self.gap { return }
        last = word
        if blocks.isEmpty || blocks[blocks.count - 1].count == Self.blockCount {
            blocks.append([])
            blocks[blocks.count - 1].reserveCapacity(Self.blockCount)
        }
        blocks[blocks.count - 1].append(word)
    }

    /// Calls `body` with every word and gap, and how often each counts.
    func forEach(_ body: (UInt32, Int) -> Void) {
        var section = 0
        for (place, block) in blocks.enumerated() {
            for (offset, word) in block.enumerated() {
                let i = place * Self.blockCount + offset
                while section + 1 < sections.count, sections[section + 1].start <= i { section += 1 }
                body(word, sections[section].times)
            }
        }
    }
}
