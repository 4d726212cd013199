import Evaluation
import Kernels
import Testing

@Suite struct StatisticsTests {
    /// Wilson's bounds as R's `prop.test(correct = FALSE)` has them.
    @Test(arguments: [
        (8, 10, 0.490_16, 0.943_32), (0, 10, 0.0, 0.277_53), (10, 10, 0.722_47, 1.0), (250, 1000, 0.224_15, 0.277_76),
    ])
    func wilson(right: Int, items: Int, low: Double, high: Double) {
        let interval = Interval.wilson(right, of: items)
        #expect(abs(interval.low - low) < 1e-4, "\(interval)")
        #expect(abs(interval.high - high) < 1e-4, "\(interval)")
    }

    /// Of intervals of 95 % about 95 % hold the true value.
    @Test func wilsonCovers() {
        var generator = SplitMix64(seed: 7)
        let hits = (0..<2000).count { _ in
            let right = (0..<50).count { _ in Double.random(in: 0..<1, using: &generator) < 0.3 }
            let interval = Interval.wilson(right, of: 50)
            return interval.low <= 0.3 && 0.3 <= interval.high
        }
        #expect((1860...1960).contains(hits), "\(hits) of 2000")
    }

    @Test func chanceIsSaid() {
        let guessing = Score(right: 260, of: 1000, chance: 0.25)
        #expect(guessing.verdict == .notAboveChance)
        #expect(abs((guessing.centred ?? 1) - 0.0133) < 1e-3)
        #expect(Score(right: 300, of: 1000, chance: 0.25).verdict == .aboveChance)
        #expect(Score(right: 3, of: 10).verdict == nil)
    }

    /// Worked by hand: 2 (1 + 10 + 45) / 2^10.
    @Test func mcNemarIsExact() {
        #expect(abs(PairedTest.mcNemar(onlyFirst: 2, onlySecond: 8) - 112.0 / 1024) < 1e-12)
        #expect(PairedTest.mcNemar(onlyFirst: 0, onlySecond: 0) == 1)
        #expect(PairedTest.mcNemar(onlyFirst: 5, onlySecond: 5) == 1)
        #expect(abs(PairedTest.mcNemar(onlyFirst: 0, onlySecond: 6) - 2.0 / 64) < 1e-12)
        #expect(PairedTest.mcNemar(onlyFirst: 4000, onlySecond: 4400) < 1e-4)
    }

    @Test func holmIsNeverSmaller() {
        let adjusted = PairedTest.holm([0.01, 0.04, 0.03])
        for (got, expected) in zip(adjusted, [0.03, 0.06, 0.06]) { #expect(abs(got - expected) < 1e-12) }
        #expect(PairedTest.holm([0.9, 0.8]) == [1, 1])
    }

    @Test func ratiosHaveIntervals() {
        let score = Score(ratioOf: [8, 16, 24, 40], to: [4, 8, 12, 20], seed: 1)
        #expect(score.value == 2 && score.low == 2 && score.high == 2, "every item has the same ratio")
        var generator = SplitMix64(seed: 3)
        let noisy = (0..<200).map { _ in Double.random(in: 0..<2, using: &generator) }
        let wide = Score(ratioOf: noisy, to: noisy.map { _ in 1 }, seed: 1)
        #expect(wide.low < 1 && wide.high > 1 && wide.high - wide.low < 0.2, "\(wide)")
        #expect(wide == Score(ratioOf: noisy, to: noisy.map { _ in 1 }, seed: 1), "the same seed, the same bounds")
    }

    @Test func pairsTellMoreThanTwoScores() {
        var generator = SplitMix64(seed: 5)
        let first = (0..<300).map { _ in Double.random(in: 0..<10, using: &generator) }
        let second = first.map { $0 - 0.05 + Double.random(in: -0.1..<0.1, using: &generator) }
        let test = PairedTest.bootstrap(first, second, weights: first.map { _ in 1 }, seed: 1)
        #expect(test.probability < 0.01 && test.interval.high < 0, "\(test)")
        let same = PairedTest.bootstrap(first, first, weights: first.map { _ in 1 }, seed: 1)
        #expect(same.difference == 0 && same.probability == 1)
    }
}
