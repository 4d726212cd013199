import Inference
import Testing

@Suite struct RandomSourceTests {
    @Test func isTheSameEverywhere() {
        // From the reference implementation of xoshiro256** seeded with splitmix64(0).
        var random = RandomSource(seed: 0)
        #expect(
            (0..<3).map { _ in random.next() } == [0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a, 0x1a5f_849d_4933_e6e0])
    }

    @Test func uniformsFillTheUnit() {
        var random = RandomSource(seed: 3)
        let values = (0..<20_000).map { _ in random.uniform() }
        #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
        for tenth in 0..<10 {
            let count = values.count { Int($0 * 10) == tenth }
            #expect(abs(count - 2000) < 200)
        }
    }

    @Test func nearSeedsDiffer() {
        var first = RandomSource(seed: 1)
        var second = RandomSource(seed: 2)
        #expect((0..<64).count { _ in (first.next() ^ second.next()).nonzeroBitCount > 16 } > 60)
    }
}
