import Testing
import Training

@Suite struct PairScoresTests {
    private func pairs(_ values: [(chosen: (Double, Int), rejected: (Double, Int))]) -> PairScores {
        var pairs = PairScores()
        for (chosen, rejected) in values {
            pairs.add(
                chosen: .init(score: chosen.0, tokens: chosen.1), rejected: .init(score: rejected.0, tokens: rejected.1)
            )
        }
        return pairs
    }

    @Test func equalScoresAreNotRight() {
        let found = pairs([((2, 5), (1, 9)), ((1, 5), (1, 5)), ((0, 9), (3, 5)), ((4, 5), (1, 9))])
        #expect(found.right == 2 && found.accuracy == 0.5 && found.margin == 0.25)
        // Two that are shorter, one of the same length, one longer.
        #expect(found.shorterShare == 0.625 && found.lengthAccuracy == 0.625)
        #expect(found.interval.low < 0.5 && found.interval.high > 0.5)
    }

    @Test func lengthIsFoundOutEitherWay() {
        for sign in [1.0, -1] {
            var found = PairScores()
            for length in 1...20 {
                func answer(_ tokens: Int) -> PairScores.Answer { .init(score: sign * Double(tokens), tokens: tokens) }
                found.add(chosen: answer(length), rejected: answer(length / 2 + 15))
            }
            #expect(found.followsLength && found.lengthCorrelation * sign > 0.99)
        }
        var other = PairScores()
        for length in 1...20 {
            other.add(
                chosen: .init(score: Double(length * 7 % 11), tokens: length),
                rejected: .init(score: Double(length * 5 % 11), tokens: 21 - length))
        }
        #expect(!other.followsLength, "\(other.lengthCorrelation)")
    }

    @Test func nothingIsNothing() {
        let empty = PairScores()
        #expect(empty.accuracy == 0 && empty.lengthCorrelation == 0 && empty.interval == WilsonInterval(0, of: 0))
        #expect(empty.interval.low == 0 && empty.interval.high == 1)
        // All of the same length, or of the same score.
        #expect(pairs([((1, 3), (0, 3)), ((2, 3), (0, 3))]).lengthCorrelation == 0)
        #expect(pairs([((1, 3), (1, 4))]).lengthCorrelation == 0)
    }

    /// statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson")
    @Test func intervalIsWilsons() {
        let interval = WilsonInterval(8, of: 10)
        #expect(abs(interval.low - 0.490_162_47) < 1e-6 && abs(interval.high - 0.943_317_82) < 1e-6)
        #expect(WilsonInterval(0, of: 10).low == 0 && WilsonInterval(10, of: 10).high == 1)
    }
}
