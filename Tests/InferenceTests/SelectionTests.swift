import Inference
import Testing

@Suite struct SelectionTests {
    @Test func keysHoldProbabilityAndToken() {
        for (probability, token) in [(Float(0.5), 7), (0, 0), (1, 262_143), (1e-38, 1)] {
            let key = Selection.key(probability, token)
            #expect(Selection.probability(key) == probability && Selection.token(key) == Int32(token))
        }
        #expect(Selection.key(0.5, 3) > Selection.key(0.25, 1))
        #expect(Selection.key(0.5, 3) > Selection.key(0.5, 4))
    }

    @Test func keepsTheLargest() {
        for seed in UInt64(0)..<300 {
            var random = RandomSource(seed: seed)
            let all = (0..<Int.random(in: 0...400, using: &random)).map { _ in random.next() >> 20 }
            let unique = Array(Set(all))
            let count = Int.random(in: 0...420, using: &random)
            var keys = unique
            Selection.keepLargest(count, of: &keys)
            let wanted = unique.sorted(by: >).prefix(max(min(1, unique.count), count))
            #expect(keys.sorted(by: >) == Array(wanted), "seed \(seed)")
        }
    }

    @Test(arguments: [true, false])
    func copesWithSortedKeys(isRising: Bool) {
        let rising = (0..<50_000).map { UInt64($0) }
        var keys = isRising ? rising : rising.reversed()
        Selection.keepLargest(100, of: &keys)
        #expect(keys.sorted() == Array(rising.suffix(100)))
    }
}
