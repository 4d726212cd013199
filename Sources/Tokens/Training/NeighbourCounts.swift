/// The symbols that came to stand on one side of a new token in one merge, how often, and in which words.
struct NeighbourCounts: Sendable {
    private var counts: [Int] = []
    private(set) var touched: [UInt32] = []
    private var isTouched: [Bool] = []
    private var events: [(symbol: UInt32, word: UInt32)] = []

    /// Makes place for symbols below `symbols`.
    mutating func reserve(symbols: Int) {
        while counts.count < symbols {
            counts.append(0)
            isTouched.append(false)
        }
    }

    @inline(__always)
    mutating func add(_ symbol: UInt32, _ times: Int, _ word: UInt32) {
        if !isTouched[Int(symbol)] {
            isTouched[Int(symbol)] = true
            touched.append(symbol)
        }
        counts[Int(symbol)] += times
        events.append((symbol, word))
    }

    /// Takes back what was added for a neighbour that has itself become part of a token.
    @inline(__always)
    mutating func remove(_ symbol: UInt32, _ times: Int) { counts[Int(symbol)] -= times }

    func count(_ symbol: UInt32) -> Int { counts[Int(symbol)] }

    /// Calls `body` with every symbol and word that were added, in order.
    func forEachEvent(_ body: (UInt32, UInt32) -> Void) { for event in events { body(event.symbol, event.word) } }

    /// Forgets everything, in the time that it took to add it.
    mutating func clear() {
        for symbol in touched {
            counts[Int(symbol)] = 0
            isTouched[Int(symbol)] = false
        }
        touched.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
    }
}
