/// Words of a dictionary in the order of their scalars, one behind the other.
struct SortedWords: Sendable {
    /// All words' scalars (UTF-16 without surrogates).
    var signs: [UInt16] = []
    /// Where each word starts in `signs`; one more at the end.
    var starts: [Int32] = [0]
    var counts: [UInt32] = []

    var count: Int { counts.count }

    mutating func append(_ word: some Sequence<UInt16>, count: UInt32) {
        signs.append(contentsOf: word)
        starts.append(Int32(signs.count))
        counts.append(count)
    }
}
