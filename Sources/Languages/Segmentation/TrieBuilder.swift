import Foundation

/// Lays a double-array trie out, level by level, each node's children at the first place where they fit.
struct TrieBuilder {
    private let words: SortedWords
    private let codes: [UInt16]
    private let logTotal: Double
    private(set) var cells: [WordDictionary.Cell] = []
    /// Where a search begins, by the number of children: big families do not look again at what is full.
    private var searchStarts = [Int](repeating: 1, count: Int.bitWidth)
    /// Places that a search may look at before the next of its size begins where it ended.
    private static let searchesMax = 32

    /// Words that share the scalars of a node.
    private struct Pending {
        var cell: Int
        var words: Range<Int>
        var depth: Int
    }
    private struct Child {
        var code: Int
        var words: Range<Int>
    }

    init(words: SortedWords, codes: [UInt16], logTotal: Double) {
        self.words = words
        self.codes = codes
        self.logTotal = logTotal
    }

    mutating func build() {
        cells = [WordDictionary.Cell](repeating: .init(), count: words.count * 2 + 0x20000)
        cells[0].check = 0
        var queue = [Pending(cell: 0, words: 0..<words.count, depth: 0)]
        var next = 0
        var children: [Child] = []
        while next < queue.count {
            let pending = queue[next]
            next += 1
            find(&children, of: pending)
            guard !children.isEmpty else { continue }
            let base = place(children)
            cells[pending.cell].base = Int32(base)
            for child in children {
                let cell = base + child.code
                cells[cell].check = Int32(pending.cell)
                queue.append(Pending(cell: cell, words: child.words, depth: pending.depth + 1))
            }
        }
        // A step from any node by any code stays inside.
        let highest = cells.reduce(0) { max($0, Int($1.base)) } + Int(codes.max() ?? 0)
        if cells.count <= highest {
            cells += [WordDictionary.Cell](repeating: .init(), count: highest + 1 - cells.count)
        } else {
            cells.removeLast(cells.count - highest - 1)
        }
    }

    /// Groups a node's words by their next sign; the word that ends here gives the node its score.
    private mutating func find(_ children: inout [Child], of pending: Pending) {
        children.removeAll(keepingCapacity: true)
        var word = pending.words.lowerBound
        while word < pending.words.upperBound {
            let start = Int(words.starts[word])
            let length = Int(words.starts[word + 1]) - start
            if length == pending.depth {
                cells[pending.cell].score = log(Double(words.counts[word])) - logTotal
                word += 1
                continue
            }
            let sign = words.signs[start + pending.depth]
            var end = word + 1
            while end < pending.words.upperBound, words.signs[Int(words.starts[end]) + pending.depth] == sign {
                end += 1
            }
            children.append(Child(code: Int(codes[Int(sign)]), words: word..<end))
            word = end
        }
    }

    /// A base such that all children's cells are free.
    private mutating func place(_ children: [Child]) -> Int {
        let lowest = children.reduce(Int.max) { min($0, $1.code) }
        let highest = children.reduce(0) { max($0, $1.code) }
        let size = Int.bitWidth - children.count.leadingZeroBitCount - 1
        var cell = max(searchStarts[size], lowest + 1)
        var searches = 0
        while true {
            grow(to: cell + highest + 1)
            if cells[cell].check < 0, isFree(children, base: cell - lowest) { break }
            cell += 1
            searches += 1
        }
        if searches >= Self.searchesMax || size == 0 { searchStarts[size] = max(searchStarts[size], cell) }
        return cell - lowest
    }

    private func isFree(_ children: [Child], base: Int) -> Bool {
        for child in children where cells[base + child.code].check >= 0 { return false }
        return true
    }

    private mutating func grow(to count: Int) {
        guard cells.count < count else { return }
        cells += [WordDictionary.Cell](repeating: .init(), count: max(count - cells.count, cells.count / 4))
    }
}
