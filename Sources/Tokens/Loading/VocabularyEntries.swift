/// The tokens of a tokenizer.json by id, as spelled there.
struct VocabularyEntries {
    private let limits: TokensLimits
    private var arena: [UInt8] = []
    /// Place of each id's spelling in the arena; empty for ids that no token has.
    private var places: [Range<Int>] = []
    private var kinds: [TokenKind] = []
    /// Scores of a unigram model.
    private(set) var scores: [Double] = []

    init(limits: TokensLimits) { self.limits = limits }

    /// Reads {"token": id, …}.
    mutating func readObject(_ start: JSONCursor) throws(TokensError) {
        var cursor = start
        var entries = self
        try cursor.forEachMember { (cursor, key) throws(TokensError) in
            try entries.append(key, id: try cursor.integer(), kind: .normal)
        }
        self = entries
    }

    /// Reads [["token", score], …].
    mutating func readPairs(_ start: JSONCursor) throws(TokensError) {
        var cursor = start
        var entries = self
        var piece: [UInt8] = []
        try cursor.forEachElement { (cursor) throws(TokensError) in
            piece.removeAll(keepingCapacity: true)
            try cursor.expect(0x5B)
            try cursor.string(into: &piece)
            try cursor.expect(0x2C)
            let score = try cursor.double()
            try cursor.expect(0x5D)
            entries.scores.append(score.isNaN ? -.infinity : score)
            try entries.append(piece, id: entries.places.count, kind: .normal)
        }
        self = entries
    }

    /// Adds an added token, or says what kind one is that is there already.
    mutating func add(_ token: HuggingFaceAddedToken) throws(TokensError) {
        let kind = token.isSpecial ? TokenKind.control : .userDefined
        if token.id >= 0, token.id < places.count, arena[places[token.id]].elementsEqual(token.content) {
            kinds[token.id] = kind
        } else {
            try append(token.content, id: token.id, kind: kind)
        }
    }

    private mutating func append(_ spelling: [UInt8], id: Int, kind: TokenKind) throws(TokensError) {
        guard spelling.count <= limits.tokenBytesMax else {
            throw .tooLarge(what: "token in bytes", limit: limits.tokenBytesMax, found: spelling.count)
        }
        guard id >= 0, id < limits.tokensMax else {
            throw .tooLarge(what: "token id", limit: limits.tokensMax - 1, found: id)
        }
        while places.count <= id {
            places.append(0..<0)
            kinds.append(.unused)
        }
        guard places[id].isEmpty else {
            throw .malformed(
                what: "vocabulary", expected: "one token of id \(id)",
                found: [Array(arena[places[id]]), spelling].map { String(decoding: $0, as: UTF8.self) }
                    .joined(separator: " and "))
        }
        arena += spelling
        guard arena.count <= limits.vocabularyBytesMax else {
            throw .tooLarge(what: "vocabulary in bytes", limit: limits.vocabularyBytesMax, found: arena.count)
        }
        places[id] = arena.count - spelling.count..<arena.count
        kinds[id] = kind
    }

    /// The vocabulary, spellings decoded.
    func vocabulary(_ spelling: Spelling, hasByteTokens: Bool) -> Vocabulary {
        var vocabulary = Vocabulary(tokens: places.count)
        for (id, place) in places.enumerated() {
            let raw = arena[place]
            let byte = hasByteTokens && kinds[id] == .normal ? Spelling.byte(raw) : nil
            vocabulary.append(kind: byte == nil ? kinds[id] : .byte) { output in
                if let byte {
                    output.append(byte)
                } else if kinds[id].isSpecial || (kinds[id] == .userDefined && spelling == .byteLevel) {
                    output += raw
                } else if !spelling.decode(raw, into: &output) {
                    output += raw
                }
            }
        }
        return vocabulary
    }

    /// The tokens that ordinary text can become.
    func table(_ vocabulary: Vocabulary, _ spelling: Spelling) throws(TokensError) -> TokenTable {
        try TokenTable.ordinary(vocabulary) {
            arena[places[$0]].elementsEqual(arena[places[$1]])
        } isReachable: {
            // Where "▁" stands for a space no text has a space left when it meets the model.
            spelling != .spaced || !arena[places[$0]].contains(0x20)
        }
    }
}
