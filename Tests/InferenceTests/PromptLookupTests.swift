import Inference
import Testing

@Suite struct PromptLookupTests {
    /// The longest passage before the end that the text ends with too, the nearest of equal ones.
    private func naive(_ text: [Int32]) -> PromptLookup.Match? {
        var best: PromptLookup.Match?
        for next in stride(from: text.count - 1, to: 1, by: -1) {
            let length = zip(text[..<next].reversed(), text.reversed()).prefix { $0 == $1 }.count
            if length >= PromptLookup.matchTokensMin, length > best?.tokens ?? 0 {
                best = PromptLookup.Match(next: next, tokens: length)
            }
        }
        return best
    }

    @Test(arguments: UInt64(0)..<40)
    func findsTheLongestMatch(seed: UInt64) {
        var random = RandomSource(seed: seed)
        // Few places for each pair of tokens, so that all of them are looked at.
        let vocabulary = Int32(20)
        var text: [Int32] = []
        for _ in 0..<12 {
            if !text.isEmpty, Bool.random(using: &random) {
                let start = Int.random(in: 0..<text.count, using: &random)
                text += text[start...].prefix(Int.random(in: 1...12, using: &random))
            } else {
                text += (0..<8).map { _ in Int32.random(in: 0..<vocabulary, using: &random) }
            }
        }
        let whole = PromptLookup(text, indexedTokensMax: 1000)
        #expect(whole.match == naive(text), "seed \(seed)")
        var grown = PromptLookup(Array(text.prefix(1)), indexedTokensMax: 1000)
        for end in 1..<text.count {
            grown.append(text[end])
            let expected = naive(Array(text[...end]))
            #expect(grown.match?.tokens == expected?.tokens, "seed \(seed), token \(end)")
            if let match = grown.match {
                #expect(text[..<match.next].suffix(match.tokens) == text[...end].suffix(match.tokens), "seed \(seed)")
            }
        }
        #expect(grown.tokens == text)
    }

    @Test func proposesWhatFollowed() {
        var lookup = PromptLookup([5, 1, 2, 3, 9, 1, 2], indexedTokensMax: 100)
        #expect(lookup.match == PromptLookup.Match(next: 3, tokens: 2) && lookup.next == 3)
        #expect(lookup.proposals(max: 4) == [3, 9, 1, 2])
        #expect(lookup.proposals(max: 0).isEmpty)
        lookup.append(3)
        #expect(lookup.match == PromptLookup.Match(next: 4, tokens: 3))
        lookup.append(7)
        #expect(lookup.match == nil && lookup.proposals(max: 4).isEmpty)
    }

    @Test func aLoopGoesOn() {
        let lookup = PromptLookup([8, 1, 2, 3, 1, 2, 3], indexedTokensMax: 100)
        #expect(lookup.proposals(max: 8) == [1, 2, 3, 1, 2, 3, 1, 2])
    }

    @Test func whatIsLongAgoIsForgotten() {
        let passage: [Int32] = [900, 901, 902, 903]
        var lookup = PromptLookup(passage + (0..<50), indexedTokensMax: 16)
        lookup.append(900)
        lookup.append(901)
        #expect(lookup.match == nil)
        for token in Int32(100)..<160 { lookup.append(token) }
        lookup.append(158)
        lookup.append(159)
        #expect(lookup.match == PromptLookup.Match(next: 116, tokens: 2))
    }

    /// A token's work is bounded, whatever the text.
    @Test func uniformTextIsNoTrouble() {
        var lookup = PromptLookup(Array(repeating: 1, count: 20_000), indexedTokensMax: 4096)
        for _ in 0..<20_000 { lookup.append(1) }
        #expect(lookup.proposals(max: 3) == [1, 1, 1])
    }
}
