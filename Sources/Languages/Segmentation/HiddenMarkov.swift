/// Words that no dictionary has: the likeliest sequence of begin, middle, end and single signs.
///
/// Scores are logarithms; a step that was never seen costs `never`, which swallows what is added to it, so that two
/// such paths tie; then the later state in the order of their letters (B, E, M, S) wins, as in the model's source.
struct HiddenMarkov: Sendable {
    static let never = -3.14e100

    enum State: Int { case begin, middle, end, single }

    /// B M E S.
    let start: [Double]
    /// To B from E and S, to M from M and B, to E from B and M, to S from S and E.
    let moves: [Double]
    /// Row of a sign's emissions, from U+4E00; 0 is a row of `never`.
    let rows: [UInt16]
    /// Four a row.
    let emissions: [Double]

    static let firstSign = 0x4E00
    static let signCount = 0x9FD6 - firstSign

    /// Finds the ends of words in a run of ideographs.
    ///
    /// - Parameters:
    ///   - signs: scalars of U+4E00…9FD5.
    ///   - scratch: kept between calls.
    ///   - body: gets the ranges of the words, in order.
    func forEachWord(
        _ signs: UnsafeBufferPointer<UInt16>, scratch: inout [UInt8], _ body: (Range<Int>) -> Void
    ) {
        guard !signs.isEmpty else { return }
        let count = signs.count
        // Four states before, and the state that is taken.
        if scratch.count < count * 5 { scratch = [UInt8](repeating: 0, count: count * 10) }
        var state = scratch.withUnsafeMutableBufferPointer { paths(signs, $0) }
        var place = count - 1
        while place >= 0 {
            let before = scratch[place * 4 + state.rawValue]
            scratch[count * 4 + place] = UInt8(state.rawValue)
            state = State(rawValue: Int(before)) ?? .single
            place -= 1
        }
        var begin = 0
        var next = 0
        for place in 0..<count {
            switch State(rawValue: Int(scratch[count * 4 + place])) {
            case .begin: begin = place
            case .end:
                body(begin..<place + 1)
                next = place + 1
            case .single:
                body(place..<place + 1)
                next = place + 1
            default: break
            }
        }
        if next < count { body(next..<count) }
    }

    /// Fills in, for each sign and state, the state before; returns the last.
    private func paths(_ signs: UnsafeBufferPointer<UInt16>, _ before: UnsafeMutableBufferPointer<UInt8>) -> State {
        var row = Int(rows[Int(signs[0]) - Self.firstSign]) * 4
        var (b, m, e, s) = (
            start[0] + emissions[row], start[1] + emissions[row + 1], start[2] + emissions[row + 2],
            start[3] + emissions[row + 3]
        )
        for place in 1..<max(signs.count, 1) {
            row = Int(rows[Int(signs[place]) - Self.firstSign]) * 4
            let toBegin = Self.better(e + moves[0] + emissions[row], .end, s + moves[1] + emissions[row], .single)
            let toMiddle = Self.better(
                b + moves[3] + emissions[row + 1], .begin, m + moves[2] + emissions[row + 1], .middle)
            let toEnd = Self.better(
                b + moves[4] + emissions[row + 2], .begin, m + moves[5] + emissions[row + 2], .middle)
            let toSingle = Self.better(
                e + moves[7] + emissions[row + 3], .end, s + moves[6] + emissions[row + 3], .single)
            (b, m, e, s) = (toBegin.score, toMiddle.score, toEnd.score, toSingle.score)
            before[place * 4] = toBegin.from
            before[place * 4 + 1] = toMiddle.from
            before[place * 4 + 2] = toEnd.from
            before[place * 4 + 3] = toSingle.from
        }
        return s >= e ? .single : .end
    }

    /// The better of two; the second where they tie.
    @inline(__always)
    private static func better(
        _ first: Double, _ firstState: State, _ second: Double, _ secondState: State
    ) -> (score: Double, from: UInt8) {
        second >= first ? (second, UInt8(secondState.rawValue)) : (first, UInt8(firstState.rawValue))
    }
}
