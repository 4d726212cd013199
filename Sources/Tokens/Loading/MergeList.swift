/// Builds the table of merges from rules written as text.
struct MergeList {
    private let vocabulary: Vocabulary
    private let tokens: TokenTable
    private(set) var pairs: PairTable
    private var rank: UInt64 = 0
    private var joined: [UInt8] = []

    init(_ vocabulary: Vocabulary, _ tokens: TokenTable, capacity: Int) {
        self.vocabulary = vocabulary
        self.tokens = tokens
        pairs = PairTable(capacity: capacity)
    }

    /// Adds the next rule: two tokens by the bytes that they stand for. The first of equal rules stays.
    ///
    /// Throws `malformed` when a part, or both joined, are not tokens.
    mutating func append(_ buffer: [UInt8], split: Int) throws(TokensError) {
        guard let left = tokens.find(buffer, 0, split, in: vocabulary),
            let right = tokens.find(buffer, split, buffer.count, in: vocabulary),
            let merged = tokens.find(buffer, 0, buffer.count, in: vocabulary)
        else {
            throw .malformed(
                what: "merge \(rank)", expected: "two tokens that make a third",
                found: String(decoding: buffer[..<split], as: UTF8.self) + " "
                    + String(decoding: buffer[split...], as: UTF8.self))
        }
        let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        pairs.insert(key, rank << 32 | UInt64(UInt32(bitPattern: merged)))
        rank += 1
    }
}
