/// Builds the table of merges from rules written as text.
struct MergeList {
    private let vocabulary: Vocabulary
    private let tokens: TokenTable
    private let spelling: Spelling
    private let limits: TokensLimits
    private(set) var pairs: PairTable
    /// Ids that a rule makes.
    private(set) var isMade: [Bool]
    /// How tokens are made of bytes, for byte-level vocabularies.
    private(set) var tree: MergeTree?
    private var rank: UInt64 = 0
    private var joined: [UInt8] = []

    init(_ vocabulary: Vocabulary, _ tokens: TokenTable, _ spelling: Spelling, _ limits: TokensLimits) {
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.spelling = spelling
        self.limits = limits
        pairs = PairTable(capacity: vocabulary.count)
        isMade = [Bool](repeating: false, count: vocabulary.count)
        if spelling == .byteLevel {
            tree = MergeTree(tokens: vocabulary.count, byteTokens: tokens.singleBytes(of: vocabulary))
        }
    }

    /// Adds the next rule, "left right". The first space after the first byte divides it.
    mutating func append(_ rule: some Collection<UInt8>) throws(TokensError) {
        guard let space = rule.dropFirst().firstIndex(of: 0x20) else {
            throw .malformed(
                what: "merge \(rank)", expected: "two tokens with a space between",
                found: String(decoding: rule, as: UTF8.self))
        }
        try append(rule[..<space], rule[rule.index(after: space)...])
    }

    /// Adds the next rule. The first of equal rules stays. Rules for control tokens, and for tokens with a space where
    /// "▁" stands for it, are passed over: ordinary text never makes one.
    mutating func append(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) throws(TokensError) {
        guard rank < limits.mergesMax else {
            throw .tooLarge(what: "number of merges", limit: limits.mergesMax, found: limits.mergesMax + 1)
        }
        joined.removeAll(keepingCapacity: true)
        let isLeft = spelling.decode(left, into: &joined)
        let middle = joined.count
        let isRight = spelling.decode(right, into: &joined)
        if isLeft, isRight, let first = tokens.find(joined, 0, middle, in: vocabulary),
            let second = tokens.find(joined, middle, joined.count, in: vocabulary),
            let merged = tokens.find(joined, 0, joined.count, in: vocabulary)
        {
            let key = PairTable.key(first, second)
            if pairs.find(key) == PairTable.absent {
                tree?.append(first, second, rank: UInt32(rank), makes: merged, pairs)
                pairs.insert(key, rank << 32 | UInt64(UInt32(bitPattern: merged)))
            }
            isMade[Int(merged)] = true
        } else if !isUnreachable(left, right), !isControl(left), !isControl(right),
            !isControl(Array(left) + Array(right))
        {
            throw .malformed(
                what: "merge \(rank)", expected: "two tokens that make a third",
                found: "\(String(decoding: left, as: UTF8.self)) \(String(decoding: right, as: UTF8.self))")
        }
        rank += 1
    }

    private func isUnreachable(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        spelling == .spaced && (left.contains(0x20) || right.contains(0x20))
    }

    /// Slow, and only for rules that failed otherwise.
    private func isControl(_ spelling: some Collection<UInt8>) -> Bool {
        (0..<vocabulary.count).contains {
            vocabulary.kinds[$0].isSpecial && vocabulary.arena[vocabulary.range($0)].elementsEqual(spelling)
        }
    }
}
