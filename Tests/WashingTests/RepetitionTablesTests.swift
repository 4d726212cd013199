import Kernels
import Testing
import Washing

/// The pruned counting beside one that counts everything.
@Suite struct RepetitionTablesTests {
    @Test func nGramsAreThoseOfAPlainCount() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix64(seed: seed)
        let scan = TextScan()
        let tables = RepetitionTables()
        for round in 0..<300 {
            let words = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                String(UnicodeScalar(UInt8.random(in: 97...(round % 2 == 0 ? 99 : 110), using: &generator)))
            }
            scan.scan(Array(words.joined(separator: " ").utf8))
            var grams = RepetitionTables.Grams(scan)
            for n in 2...8 {
                tables.extend(&grams, to: n, scan)
                #expect(tables.topBytes(grams, scan) == Self.top(words, n), "seed \(seed), \(n): \(words)")
                #expect(tables.repeatedBytes(grams, scan) == Self.repeated(words, n), "seed \(seed), \(n): \(words)")
            }
        }
    }

    /// Bytes of an n-gram: words of one letter and the spaces between.
    private static func bytes(_ n: Int) -> Int { 2 * n - 1 }

    private static func top(_ words: [String], _ n: Int) -> Int {
        guard words.count >= n else { return 0 }
        var counts: [[String]: Int] = [:]
        for place in 0...(words.count - n) { counts[Array(words[place..<place + n]), default: 0] += 1 }
        let most = counts.values.max() ?? 0
        return most > 1 ? most * bytes(n) : 0
    }

    private static func repeated(_ words: [String], _ n: Int) -> Int {
        var seen: Set<[String]> = []
        var (place, total) = (0, 0)
        while place + n <= words.count {
            if seen.insert(Array(words[place..<place + n])).inserted {
                place += 1
            } else {
                total += bytes(n)
                place += n
            }
        }
        return total
    }
}
