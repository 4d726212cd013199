import Inference
import Kernels
import Testing

/// Each filter against its naive twin, on hundreds of random distributions.
@Suite struct FilterTests {
    private func compare(
        seed: UInt64, _ name: String, _ fast: (inout Candidates) -> Void,
        _ naive: ([NaiveSampling.Weighted]) -> [NaiveSampling.Weighted], values: [Float]
    ) {
        var candidates = RandomDistributions.candidates(values)
        fast(&candidates)
        let kept = candidates.keys.map(Selection.token).sorted()
        let wanted = naive(RandomDistributions.weighted(values)).map(\.token).sorted()
        #expect(kept == wanted, "\(name), seed \(seed)")
    }

    @Test func keepWhatTheirDefinitionsSay() {
        for seed in UInt64(0)..<400 {
            var random = RandomSource(seed: seed)
            let values = RandomDistributions.probabilities(Int.random(in: 1...300, using: &random), using: &random)
            let count = Int.random(in: 1...400, using: &random)
            // Shares that no sum of eighths hits: there both would be right.
            let share = Float(random.uniform()) * 0.98 + 0.0101
            compare(
                seed: seed, "top-k", { TopK.apply(count, to: &$0) }, { NaiveSampling.topK($0, count) }, values: values)
            compare(
                seed: seed, "top-p", { TopP.apply(share, to: &$0) }, { NaiveSampling.topP($0, Double(share)) },
                values: values)
            compare(
                seed: seed, "min-p", { MinP.apply(share, to: &$0) }, { NaiveSampling.minP($0, Double(share)) },
                values: values)
            compare(
                seed: seed, "typical", { Typical.apply(share, to: &$0) }, { NaiveSampling.typical($0, Double(share)) },
                values: values)
        }
    }

    @Test func alwaysKeepOne() {
        let values: [Float] = [0.2, 0.5, 0.3]
        for apply: (inout Candidates) -> Void in [
            { TopK.apply(0, to: &$0) }, { TopP.apply(0, to: &$0) }, { MinP.apply(1, to: &$0) },
        ] {
            var candidates = RandomDistributions.candidates(values)
            apply(&candidates)
            #expect(candidates.keys.map(Selection.token) == [1])
        }
        var candidates = RandomDistributions.candidates(values)
        Typical.apply(0, to: &candidates)
        #expect(candidates.keys.count == 1)
    }

    @Test func smallerTokensWinTies() {
        var candidates = RandomDistributions.candidates(Array(repeating: 0.25, count: 100))
        TopK.apply(3, to: &candidates)
        #expect(candidates.keys.map(Selection.token).sorted() == [0, 1, 2])
    }

    /// Taking candidates from a row applies the first filter, whatever the shape of the distribution.
    @Test func rowsGiveTheSameAsAllCandidates() {
        for seed in UInt64(0)..<200 {
            var random = RandomSource(seed: seed)
            let size = Int.random(in: seed % 10 == 0 ? 4000...20_000 : 1...500, using: &random)
            let values = RandomDistributions.probabilities(size, using: &random)
            let row = Matrix(rows: 1, columns: values.count, values: values)
            let count = Int.random(in: 1...values.count, using: &random)
            let share = Float(random.uniform()) * 0.98 + 0.0101
            let needs: [(Candidates.Need, [NaiveSampling.Weighted])] = [
                (.count(count), NaiveSampling.topK(RandomDistributions.weighted(values), count)),
                (.mass(share), NaiveSampling.topP(RandomDistributions.weighted(values), Double(share))),
                (.share(share), NaiveSampling.minP(RandomDistributions.weighted(values), Double(share))),
                (.everything, RandomDistributions.weighted(values)),
            ]
            for (need, wanted) in needs {
                let candidates = Candidates(probabilities: row, keeping: need)
                #expect(
                    candidates.keys.map(Selection.token).sorted() == wanted.map(\.token).sorted(),
                    "\(need), seed \(seed)")
            }
        }
    }

    @Test func drawsAreProportional() {
        let candidates = RandomDistributions.candidates([1, 2, 5])
        #expect((0..<8).map { candidates.draw(Double($0) / 8 + 0.01) }.sorted() == [0, 1, 1, 2, 2, 2, 2, 2])
        #expect(candidates.draw(1 - 0x1p-53) == candidates.draw(0.999))
    }
}
