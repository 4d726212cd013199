/// Finds where the end of a text stood before in it: what followed there may follow again.
///
///     var lookup = PromptLookup([5, 1, 2, 3, 9, 1, 2], indexedTokensMax: 1000)
///     lookup.match                    // next: 3, tokens: 2; after "1, 2" came 3
///     lookup.proposals(max: 4)        // [3, 9, 1, 2]
///     lookup.append(3)                // the match goes on
///
/// Each token's place is chained to the place before where the same two tokens stood. A new token is compared with the
/// passage that was matched before and the nearest `candidatesMax` places of the chain, `tokensComparedMax` tokens
/// each: bounded work a token. The longest match wins, the nearest of equal ones.
package struct PromptLookup: Sendable {
    package struct Match: Sendable, Equatable {
        /// The place of the token that followed.
        package var next: Int
        /// How many tokens before it are those the text ends with; counted no further than was compared.
        package var tokens: Int

        package init(next: Int, tokens: Int) {
            self.next = next
            self.tokens = tokens
        }
    }

    package private(set) var tokens: [Int32]
    package private(set) var match: Match?
    private let indexedTokensMax: Int
    /// The first place in the index.
    private var base = 0
    /// The last place where two tokens stood, by both of them; the place is the second one's.
    private var heads: [UInt64: Int32] = [:]
    /// For each place from `base` on: the one before with the same two tokens, or -1.
    private var previous: [Int32] = []

    /// Shorter matches are mere chance.
    package static let matchTokensMin = 2
    private static let candidatesMax = 24
    private static let tokensComparedMax = 32

    /// - Parameter indexedTokensMax: at least so many of the last tokens are looked at, and at most twice as many.
    package init(_ tokens: [Int32], indexedTokensMax: Int) {
        precondition(indexedTokensMax >= Self.matchTokensMin, "an index of \(indexedTokensMax) tokens")
        self.tokens = tokens
        self.indexedTokensMax = indexedTokensMax
        rebuild()
        match = longestMatch(continuing: nil)
    }

    package mutating func append(_ token: Int32) {
        let continuing = match.flatMap { match in
            tokens[match.next] == token ? Match(next: match.next + 1, tokens: match.tokens + 1) : nil
        }
        tokens.append(token)
        if tokens.count - base >= 2 * indexedTokensMax {
            rebuild()
        } else {
            index(tokens.count - 1)
        }
        match = longestMatch(continuing: continuing)
    }

    /// The token that the match says is next.
    package var next: Int32? { match.map { tokens[$0.next] } }

    /// What followed the match; beyond the text's end it goes on with itself, as a loop does.
    package func proposals(max: Int) -> [Int32] {
        guard let match, max > 0 else { return [] }
        var proposals: [Int32] = []
        proposals.reserveCapacity(max)
        for place in match.next..<match.next + max {
            proposals.append(place < tokens.count ? tokens[place] : proposals[place - tokens.count])
        }
        return proposals
    }

    // MARK: The index

    private mutating func rebuild() {
        base = max(0, tokens.count - indexedTokensMax)
        heads = [:]
        previous = []
        for place in base..<tokens.count { index(place) }
    }

    private mutating func index(_ place: Int) {
        guard place > base else { return previous.append(-1) }
        let key = key(at: place)
        previous.append(heads[key] ?? -1)
        heads[key] = Int32(clamping: place)
    }

    private func key(at place: Int) -> UInt64 {
        UInt64(UInt32(bitPattern: tokens[place - 1])) << 32 | UInt64(UInt32(bitPattern: tokens[place]))
    }

    private func longestMatch(continuing: Match?) -> Match? {
        var best = continuing
        guard var place = previous.last.map(Int.init) else { return best }
        var candidates = 0
        while place >= 0, candidates < Self.candidatesMax {
            let length = commonTokens(endingAt: place)
            if length > best?.tokens ?? (Self.matchTokensMin - 1) { best = Match(next: place + 1, tokens: length) }
            if length == Self.tokensComparedMax { break }
            place = Int(previous[place - base])
            candidates += 1
        }
        return best
    }

    /// How many tokens up to `place` are those the text ends with.
    private func commonTokens(endingAt place: Int) -> Int {
        let last = tokens.count - 1
        var length = 0
        while length < Self.tokensComparedMax, place - length >= base, tokens[place - length] == tokens[last - length] {
            length += 1
        }
        return length
    }
}
