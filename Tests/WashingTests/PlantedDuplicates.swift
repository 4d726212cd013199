import Kernels
import Washing

/// A corpus whose near duplicates are known: each original has copies in which more and more is changed, every third
/// one Chinese.
struct PlantedDuplicates {
    let units: [[String]]
    /// What each document was made from.
    let pairs: [(a: DocumentKey, b: DocumentKey, similarity: Double)]

    init(seed: UInt64, originals: Int, copies: Int) {
        var random = SplitMix64(seed: seed)
        var units: [[String]] = Array(repeating: [], count: 3)
        var pairs: [(a: DocumentKey, b: DocumentKey, similarity: Double)] = []
        for original in 0..<originals {
            let isChinese = original % 3 == 0
            let words = Self.words(60 + Int(random.next() % 400), isChinese, &random)
            var family: [(key: DocumentKey, shingles: Set<[Int]>)] = []
            for copy in 0...copies {
                var changed = words
                // A change of one word takes five shingles.
                let changes = copy * words.count / (isChinese ? 90 : 60)
                for _ in 0..<changes { changed[Int(random.next() % UInt64(words.count))] = Int(random.next() % 5000) }
                let unit = Int(random.next() % 3)
                let key = DocumentKey(unit: unit, index: units[unit].count)
                units[unit].append(Self.text(changed, isChinese))
                let shingles = Self.shingles(changed, isChinese ? 8 : 5)
                for other in family {
                    pairs.append((other.key, key, Self.jaccard(other.shingles, shingles)))
                }
                family.append((key, shingles))
            }
        }
        self.units = units
        self.pairs = pairs
    }

    private static func words(_ count: Int, _ isChinese: Bool, _ random: inout SplitMix64) -> [Int] {
        (0..<count).map { _ in Int(random.next() % 5000) }
    }

    private static func text(_ words: [Int], _ isChinese: Bool) -> String {
        isChinese
            ? String(String.UnicodeScalarView(words.compactMap { Unicode.Scalar(UInt32(0x4E00 + $0)) }))
            : words.map { "w\($0)" }.joined(separator: " ")
    }

    private static func shingles(_ words: [Int], _ length: Int) -> Set<[Int]> {
        Set((0...words.count - length).map { Array(words[$0..<$0 + length]) })
    }

    static func jaccard(_ a: Set<[Int]>, _ b: Set<[Int]>) -> Double {
        Double(a.intersection(b).count) / Double(a.union(b).count)
    }

    /// Of the pairs that are like, how many are in one group; of the documents that are dropped, how many are not
    /// unlike all others.
    func judge(
        _ dropped: [DocumentKey: DocumentKey], like: Double, unlike: Double
    ) -> (recall: Double, precision: Double) {
        func root(_ key: DocumentKey) -> DocumentKey { dropped[key] ?? key }
        let wanted = pairs.filter { $0.similarity >= like }
        let found = wanted.filter { root($0.a) == root($0.b) }
        // A document that is dropped must be like some document of its family.
        var best: [DocumentKey: Double] = [:]
        for pair in pairs {
            best[pair.a] = max(best[pair.a] ?? 0, pair.similarity)
            best[pair.b] = max(best[pair.b] ?? 0, pair.similarity)
        }
        let right = dropped.keys.filter { best[$0] ?? 0 >= unlike }
        return (
            Double(found.count) / Double(max(1, wanted.count)), Double(right.count) / Double(max(1, dropped.count))
        )
    }
}
