import Instructions
import Testing

@Suite struct RenderedExampleTests {
    private let example = RenderedExample(
        tokens: [5, 6, 7, 8, 9, 10], isTarget: [false, true, false, true, true, false],
        source: SourceLine(file: "a.jsonl", line: 3))

    @Test(arguments: [(6, [5, 6, 7, 8, 9]), (5, [5, 6, 7, 8, 9]), (4, [5, 6, 7, 8]), (3, [5, 6]), (2, [5, 6])])
    func aCutKeepsTheBeginningUpToItsLastTarget(tokensMax: Int, tokens: [Int32]) throws {
        let cut = try #require(example.cut(tokensMax: tokensMax))
        #expect(cut.tokens == tokens)
        #expect(cut.isTarget == Array(example.isTarget.prefix(tokens.count)) && cut.isTarget.last == true)
        #expect(cut.source.description == "a.jsonl:3")
    }

    @Test(arguments: [0, 1]) func whatHasNoTargetIsNothing(tokensMax: Int) {
        #expect(example.cut(tokensMax: tokensMax) == nil)
    }
}
