/// SentencePiece's unigram model: of all ways to cut a text into tokens the one with the best sum of scores.
final class UnigramModel: Sendable {
    let vocabulary: Vocabulary
    let scores: [Double]
    /// Score of a scalar that no token covers alone: ten below the worst token.
    let unknownScore: Double
    let unknown: Int32
    /// Tokens of bytes for scalars that no token covers, if the vocabulary has all 256; else -1.
    let byteTokens: [Int32]
    let fallsBackToBytes: Bool
    /// Neighbouring unknown scalars give one token.
    let fusesUnknown: Bool
    /// What a user-defined token counts: nothing lost, so it wins over its parts.
    private let trie: ByteTrie

    init(
        vocabulary: Vocabulary, scores: [Double], worst: Double, unknown: Int32, byteTokens: [Int32],
        fallsBackToBytes: Bool, fusesUnknown: Bool, isMatched: (Int) -> Bool
    ) {
        self.vocabulary = vocabulary
        self.scores = scores
        unknownScore = worst - 10
        self.unknown = unknown
        self.byteTokens = byteTokens
        self.fallsBackToBytes = fallsBackToBytes && byteTokens.allSatisfy { $0 >= 0 }
        self.fusesUnknown = fusesUnknown
        var trie = ByteTrie()
        for id in 0..<vocabulary.count where isMatched(id) {
            trie.insert(vocabulary.arena[vocabulary.range(id)], Int32(id))
        }
        self.trie = trie
    }

    /// Viterbi over byte positions: time linear in the text times the longest token.
    func encode(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, into output: inout [Int32]) {
        guard start < end else { return }
        let reader = ScalarReader()
        scratch.lattice.reset(end - start)
        var i = start
        while i < end {
            let here = scratch.lattice.score(at: i - start)
            let next = reader.unit(text, i).next
            var hasScalar = false
            var cursor = trie.root
            var k = i
            while k < end, let step = trie.step(cursor, text[k]) {
                cursor = step
                k += 1
                guard let id = trie.value(cursor) else { continue }
                if k == next { hasScalar = true }
                scratch.lattice.offer(at: k - start, id, from: i - start, here + scores[Int(id)])
            }
            if !hasScalar { scratch.lattice.offer(at: next - start, unknown, from: i - start, here + unknownScore) }
            i = next
        }
        append(text, start, scratch.lattice.path(), into: &output)
    }

    private func append(_ text: [UInt8], _ start: Int, _ path: [UnigramLattice.Piece], into output: inout [Int32]) {
        var wasUnknown = false
        for piece in path {
            guard piece.id == unknown else {
                output.append(piece.id)
                wasUnknown = false
                continue
            }
            if fallsBackToBytes {
                for k in piece.start..<piece.end { output.append(byteTokens[Int(text[start + k])]) }
            } else if !(wasUnknown && fusesUnknown) {
                output.append(unknown)
            }
            wasUnknown = true
        }
    }
}

/// The best way found so far to each position of a text.
struct UnigramLattice {
    struct Piece {
        var id: Int32
        var start: Int
        var end: Int
    }

    private var ids: [Int32] = []
    private var origins: [Int] = []
    private var totals: [Double] = []
    private static let unreached = -1

    mutating func reset(_ count: Int) {
        ids = [Int32](repeating: 0, count: count + 1)
        origins = [Int](repeating: Self.unreached, count: count + 1)
        totals = [Double](repeating: 0, count: count + 1)
    }

    func score(at place: Int) -> Double { totals[place] }

    /// Keeps a way to `place` if it is the first or better than the one known.
    @inline(__always)
    mutating func offer(at place: Int, _ id: Int32, from origin: Int, _ total: Double) {
        if origins[place] == Self.unreached || total > totals[place] {
            ids[place] = id
            origins[place] = origin
            totals[place] = total
        }
    }

    /// The pieces of the best way to the end.
    func path() -> [Piece] {
        var pieces: [Piece] = []
        var place = ids.count - 1
        while place > 0 {
            pieces.append(Piece(id: ids[place], start: origins[place], end: place))
            place = origins[place]
        }
        return pieces.reversed()
    }
}
