/// Runs of pieces each of which is a token, as words of which tokens of several pieces can be made.
///
/// Only whole pieces are joined: " of" and " the" to " of the", a comma to the word after it, a sign to the Chinese
/// word before it; never the end of a word to the next. Numbers, line breaks and white space end a run.
struct PhraseCounts: Sendable {
    /// Longer runs count as several, so that no merge has to walk over more.
    private static let piecesMax = 256

    /// Words of tokens, each of four bytes, the lowest first.
    private(set) var runs = WordCounts()
    private var bytes: [UInt8] = []
    private var times = 0

    /// Counts the runs of one thread's text.
    ///
    /// - Parameter token: the token that a word has become, if phrases may have it.
    mutating func add(_ order: PieceOrder, token: (UInt32) -> UInt32?) {
        order.forEach { word, times in
            guard word != PieceOrder.gap, let token = token(word) else { return end() }
            if bytes.count == Self.piecesMax * 4 { end() }
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: token >> shift))
            }
            self.times = times
        }
        end()
    }

    /// Counts the run at hand, if there is something to join in it.
    private mutating func end() {
        if bytes.count > 4 { runs.add(bytes, 0, bytes.count, times: times) }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Whether a token may be part of a phrase: not a number, which nothing is joined to when text is cut for serving,
    /// and neither white space nor with a line break.
    static func joins(_ token: [UInt8]) -> Bool {
        guard String(validating: token, as: UTF8.self) != nil else { return false }
        let reader = ScalarReader()
        var isSpace = true
        var i = 0
        while i < token.count {
            if (0x09...0x0D).contains(token[i]) { return false }
            let unit = reader.unit(token, i)
            if unit.bits & ScalarClasses.number != 0 { return false }
            isSpace = isSpace && unit.isSpace
            i = unit.next
        }
        return !isSpace
    }
}
