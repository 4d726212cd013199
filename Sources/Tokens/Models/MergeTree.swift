/// How byte-pair encoding makes each token out of bytes, and with it whether two tokens can stand side by side.
///
/// A token that merging can reach is made in one way only, whatever stands around it: of two parts, by one rule, each
/// part likewise, down to bytes. So a sequence of tokens is the encoding of its bytes if and only if every two
/// neighbours are the encoding of theirs: the first merge across a border in the whole text would also be the first one
/// across that border in the two tokens alone. `BytePairModel` finds such a sequence without merging anything.
///
/// This holds for orderly rules: no rule uses a token that only a later rule makes. Others are left to `MergeBuffer`.
struct MergeTree: Sendable {
    private struct Origin {
        var left: Int32
        var right: Int32
        /// When the token is made: 0 for bytes, else the rule's rank + 1; `never` for tokens that no text becomes.
        var time: UInt32
    }

    private static let never = UInt32.max
    private var origins: [Origin]
    /// Tokens that rules used before any made them.
    private var isAwaited: [Bool]
    /// Whether rules came in an order that allows the above.
    private(set) var isOrderly = true

    init(tokens: Int, byteTokens: [Int32]) {
        origins = [Origin](repeating: Origin(left: -1, right: -1, time: Self.never), count: tokens)
        isAwaited = [Bool](repeating: false, count: tokens)
        for id in byteTokens where id >= 0 { origins[Int(id)].time = 0 }
    }

    /// Whether some text becomes this token.
    @inline(__always)
    func isMade(_ id: Int32) -> Bool { origins[Int(id)].time != Self.never }

    /// Takes the next rule; `pairs` holds all rules before it.
    mutating func append(_ left: Int32, _ right: Int32, rank: UInt32, makes merged: Int32, _ pairs: PairTable) {
        if !isMade(left) { isAwaited[Int(left)] = true }
        if !isMade(right) { isAwaited[Int(right)] = true }
        guard isMade(left), isMade(right), !isMade(merged), areApart(left, right, pairs) else { return }
        origins[Int(merged)] = Origin(left: left, right: right, time: rank + 1)
        if isAwaited[Int(merged)] { isOrderly = false }
    }

    /// Whether two tokens that text becomes are also what their bytes become side by side.
    ///
    /// Goes back in time from the finished tokens, undoing what was made last: at each step the two symbols that touch
    /// must not have merged before one of them merged with its other neighbour. Of equal ranks the left one is first.
    func areApart(_ left: Int32, _ right: Int32, _ pairs: PairTable) -> Bool {
        var left = left
        var right = right
        var leftEnd = UInt64(Self.never)
        var rightEnd = UInt64(Self.never)
        while true {
            let merge = pairs.find(PairTable.key(left, right))
            if merge != PairTable.absent {
                let time = merge >> 32 + 1
                if time < leftEnd, time <= rightEnd { return false }
            }
            let first = origins[Int(left)]
            let second = origins[Int(right)]
            if first.time > second.time {
                leftEnd = UInt64(first.time)
                left = first.right
            } else if second.time > 0 {
                rightEnd = UInt64(second.time)
                right = second.left
            } else {
                return true
            }
        }
    }
}
