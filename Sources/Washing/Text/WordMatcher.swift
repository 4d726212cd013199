/// Finds many words in one pass over a text (Aho and Corasick 1975). ASCII letters match without case; a word that
/// begins or ends with an ASCII letter or digit matches whole words only.
struct WordMatcher: Sendable {
    /// A match: which word, and where it stands.
    struct Match {
        var word: Int
        var range: Range<Int>
    }

    private struct Word: Sendable {
        var length: Int
        var needsStart: Bool
        var needsEnd: Bool
    }

    private var words: [Word] = []
    /// Columns of the table: bytes that no word has share one.
    private let columns: [UInt8]
    private let columnCount: Int
    /// `next[state * columnCount + column]` is the next state times `columnCount`; inverted where words end in that
    /// state.
    private var next: [Int32] = []
    /// The longest word that ends in a state, or -1.
    private var ending: [Int32] = []
    /// The next shorter suffix state that ends a word, or 0.
    private var shorter: [Int32] = []

    /// - Parameter texts: none empty; those that are there twice match as the first.
    init(_ texts: [String]) {
        let patterns = texts.map { $0.utf8.map(Self.folded) }
        var columns = [UInt8](repeating: 0, count: 256)
        var used = 0
        for byte in Set(patterns.joined()).sorted() {
            used += 1
            // 255 different bytes are more than UTF-8 has.
            columns[Int(byte)] = UInt8(truncatingIfNeeded: used)
        }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { columns[Int(byte)] = columns[Int(byte | 0x20)] }
        self.columns = columns
        columnCount = used + 1
        addState()
        for pattern in patterns { add(pattern) }
        link()
        next = next.map { state in
            let isEnd = ending[Int(state)] >= 0 || shorter[Int(state)] != 0
            let row = state * Int32(columnCount)
            return isEnd ? ~row : row
        }
    }

    var isEmpty: Bool { words.isEmpty }

    func forEachMatch(_ text: [UInt8], _ body: (Match) -> Void) {
        guard !words.isEmpty else { return }
        text.withUnsafeBufferPointer { bytes in
            next.withUnsafeBufferPointer { next in
                columns.withUnsafeBufferPointer { columns in
                    var state = 0
                    for place in bytes.indices {
                        let cell = next[state + Int(columns[Int(bytes[place])])]
                        if cell >= 0 {
                            state = Int(cell)
                        } else {
                            state = Int(~cell)
                            report(state / columnCount, place + 1, bytes, body)
                        }
                    }
                }
            }
        }
    }

    private func report(_ state: Int, _ end: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ body: (Match) -> Void) {
        var state = ending[state] >= 0 ? state : Int(shorter[state])
        while state != 0 {
            let number = Int(ending[state])
            let word = words[number]
            let start = end - word.length
            let isWhole =
                !(word.needsStart && start > 0 && Self.isWordByte(bytes[start - 1]))
                && !(word.needsEnd && end < bytes.count && Self.isWordByte(bytes[end]))
            if isWhole { body(Match(word: number, range: start..<end)) }
            state = Int(shorter[state])
        }
    }

    // MARK: Making the table

    private mutating func addState() {
        next.append(contentsOf: repeatElement(0, count: columnCount))
        ending.append(-1)
        shorter.append(0)
    }

    private mutating func add(_ pattern: [UInt8]) {
        precondition(!pattern.isEmpty, "a word without letters")
        var state = 0
        for byte in pattern {
            let cell = state * columnCount + Int(columns[Int(byte)])
            if next[cell] == 0 {
                next[cell] = Int32(ending.count)
                addState()
            }
            state = Int(next[cell])
        }
        if ending[state] < 0 { ending[state] = Int32(words.count) }
        words.append(
            Word(
                length: pattern.count, needsStart: Self.isWordByte(pattern[0]),
                needsEnd: Self.isWordByte(pattern[pattern.count - 1])))
    }

    /// Breadth first: where a state has no way on, that of its longest suffix.
    private mutating func link() {
        var failure = [Int](repeating: 0, count: ending.count)
        var queue: [Int] = []
        for column in 0..<columnCount where next[column] != 0 { queue.append(Int(next[column])) }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            let suffix = failure[state]
            shorter[state] = ending[suffix] >= 0 ? Int32(suffix) : shorter[suffix]
            for column in 0..<columnCount {
                let cell = state * columnCount + column
                let target = Int(next[cell])
                let fallback = next[suffix * columnCount + column]
                if target == 0 {
                    next[cell] = fallback
                } else {
                    failure[target] = Int(fallback)
                    queue.append(target)
                }
            }
        }
    }

    @inline(__always)
    private static func folded(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    @inline(__always)
    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
