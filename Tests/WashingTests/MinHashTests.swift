import Kernels
import Testing
import Washing

@Suite struct MinHashTests {
    static func sketch(_ text: String, _ settings: MinHashSettings = MinHashSettings()) -> [UInt8]? {
        let hasher = MinHasher(settings)
        return Array(text.utf8).withUnsafeBufferPointer(hasher.sign) ? hasher.sketch : nil
    }

    /// Sets of one shingle a word whose similarity is exact; texts of 30 words to 3,000.
    @Test(arguments: [30, 300, 3000])
    func theEstimateIsRightOnAverage(words: Int) {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for common in [0.2, 0.5, 0.8, 0.95] {
            var (sum, squares) = (0.0, 0.0)
            let trials = 60
            for _ in 0..<trials {
                var settings = MinHashSettings()
                settings.wordsInShingle = 1
                settings.seed = random.next()
                let shared = Int(Double(words) * common)
                let words = (0..<2 * words - shared).map { _ in String(random.next(), radix: 36) }
                let middle = (words.count - shared) / 2
                let a = words[..<(middle + shared)].joined(separator: " ")
                let b = words[middle...].joined(separator: " ")
                let truth = Double(shared) / Double(words.count)
                guard let a = Self.sketch(a, settings), let b = Self.sketch(b, settings) else {
                    Issue.record("no sketch")
                    return
                }
                let error = MinHasher.similarity(a, b) - truth
                sum += error
                squares += error * error
            }
            // 256 independent functions have 0.031 at worst; what 4 bits lose included 0.034.
            #expect(abs(sum / Double(trials)) < 0.02, "seed \(seed), \(words) words, \(common) in common")
            #expect((squares / Double(trials)).squareRoot() < 0.048, "seed \(seed), \(words) words, \(common)")
        }
    }

    @Test func wordsAndCharactersWeighInProportion() {
        let chinese = "春眠不觉晓处处闻啼鸟夜来风雨声花落知多少"
        #expect(Self.sketch(chinese) == Self.sketch("春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。"))
        #expect(Self.sketch("One two three four five six") == Self.sketch("one two, three: four FIVE six!"))
        // Shorter than a shingle, and nothing at all.
        #expect(Self.sketch("春眠") != nil && Self.sketch("春眠") == Self.sketch(" 春眠。"))
        #expect(Self.sketch("") == nil && Self.sketch("……！？ --") == nil)
        #expect(Self.sketch("ab") != Self.sketch("ba"))
    }

    @Test func brokenTextIsRead() {
        let hasher = MinHasher()
        for bytes in [[0xE4], [0xF0, 0x9F], [0xC3], [0x80, 0x80], [0xFF, 0x41, 0xE4, 0xB8]] as [[UInt8]] {
            _ = bytes.withUnsafeBufferPointer(hasher.sign)
        }
        var random = SplitMix64(seed: 1)
        let noise = (0..<4096).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        for length in 4000..<4096 { _ = noise[..<length].withUnsafeBufferPointer(hasher.sign) }
    }

    @Test func oneWordAMillionTimesIsOneShingle() {
        let repeated = Self.sketch(String(repeating: "哈", count: 2_000_000))
        #expect(repeated == Self.sketch(String(repeating: "哈", count: 8)))
    }

    @Test func theCurveAscends() {
        let curve = (0...20).map { MinHashSettings().probability(jaccard: Double($0) / 20) }
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
        #expect(curve[0] == 0 && curve[20] > 0.999 && curve[16] > 0.95 && curve[13] < 0.02)
        var settings = MinHashSettings()
        settings.bands = 60
        #expect(settings.problem != nil)
    }
}
