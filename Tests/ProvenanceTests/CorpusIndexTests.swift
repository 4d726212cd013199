import Foundation
import JSON
import Kernels
import Provenance
import Testing

@Suite struct CorpusIndexTests {
    static func random(_ count: Int, _ random: inout SplitMix64) -> String {
        let letters = Array("ab春眠 ")
        return String((0..<count).map { _ in letters[Int(random.next() % UInt64(letters.count))] })
    }

    /// How often `part` stands in `texts`, overlaps counted.
    static func count(_ part: [UInt8], in texts: [String]) -> Int {
        texts.reduce(0) { sum, text in
            let bytes = Array(text.utf8)
            guard bytes.count >= part.count else { return sum }
            return sum + (0...bytes.count - part.count).filter { bytes[$0..<$0 + part.count].elementsEqual(part) }.count
        }
    }

    @Test func countsAreRight() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let texts = (0..<60).map { _ in Self.random(1 + Int(random.next() % 80), &random) }
        let corpus = try TracedCorpus(["a.jsonl": texts.map { ($0, [:]) }])
        let index = try corpus.build(memoryBytesMax: 1)
        for length in 1...9 {
            for _ in 0..<30 {
                let text = Self.random(length, &random)
                let expected = Self.count(Array(text.utf8), in: texts)
                #expect(try index.count(of: text) == expected, "“\(text)”, seed \(seed)")
            }
        }
        #expect(throws: ProvenanceError.self) { try index.count(of: "") }
        #expect(throws: ProvenanceError.self) { try index.count(of: String(repeating: "a", count: 9000)) }
    }

    @Test func spansAreMaximal() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let texts = (0..<40).map { _ in Self.random(60, &random) }
        let index = try TracedCorpus(["a.jsonl": texts.map { ($0, [:]) }]).build()
        for _ in 0..<20 {
            let question = Self.random(40, &random)
            let spans = try index.spans(of: question, symbolsMin: 4, spansMax: 1000)
            // By the definition, over whole characters.
            let starts = question.unicodeScalars.indices.map {
                question.utf8.distance(from: question.startIndex, to: $0)
            }
            let ends = starts + [question.utf8.count]
            let bytes = Array(question.utf8)
            var expected: [Range<Int>] = []
            for start in starts {
                guard let end = ends.last(where: { $0 > start && Self.count(Array(bytes[start..<$0]), in: texts) > 0 })
                else { continue }
                if end - start >= 4, expected.last.map({ $0.upperBound < end }) ?? true { expected.append(start..<end) }
            }
            // A shorter one that was left out may have reached as far.
            let found = spans.map(\.symbols).sorted { $0.lowerBound < $1.lowerBound }
            #expect(found == expected, "seed \(seed), “\(question)”")
            for span in spans { #expect(span.count == Self.count(Array(span.text.utf8), in: texts)) }
        }
    }

    @Test func aSpanLeadsToItsDocuments() throws {
        let corpus = try TracedCorpus([
            "chat.jsonl": [("今天真好。。。我们去玩。。。", ["source": "论坛", "url": "http://x/1"]), ("别的", ["source": "论坛"])],
            "book.jsonl": [("春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。", [:])],
        ])
        let index = try corpus.build()
        #expect(index.manifest.sources.map(\.name) == ["book.jsonl", "论坛"])
        let spans = try index.spans(of: "他说：处处闻啼鸟。夜来风雨声，真好。。。我们", symbolsMin: 12)
        #expect(spans.map(\.text) == ["处处闻啼鸟。夜来风雨声，", "真好。。。我们"])
        let poem = try index.occurrences(of: spans[0], max: 3)
        #expect(poem.map(\.file) == ["\(corpus.corpus)/book.jsonl"] && poem[0].line == 1 && poem[0].metadata == nil)
        #expect(poem[0].before == "春眠不觉晓，" && poem[0].after == "花落知多少。")
        let chat = try index.occurrences(of: spans[1], max: 3)
        #expect(chat.map(\.source) == ["论坛"] && chat[0].metadata?["url"]?.string == "http://x/1")
        let sources = try index.sources(of: spans[1])
        #expect(sources.map(\.name) == ["论坛"] && sources.map(\.count) == [1])
    }

    @Test func probabilitiesAreShares() throws {
        let index = try TracedCorpus(["a.jsonl": [("abcabd", [:]), ("abc", [:])]]).build()
        let symbols = try index.infinityGram(of: "abcx")
        #expect(symbols.map(\.context) == [0, 1, 2, 3])
        #expect(symbols.map(\.contextCount) == [9, 3, 3, 2])
        #expect(symbols.map(\.count) == [3, 3, 2, 0])
        #expect(symbols[2].probability == 2.0 / 3)
        // After x, which the corpus does not have, nothing is known.
        #expect(try index.infinityGram(of: "xa").map(\.context) == [0, 0])
    }

    /// By the definition: the longest context that occurs, its count, and the count with the symbol behind it.
    @Test func probabilitiesAreRight() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let texts = (0..<30).map { _ in Self.random(1 + Int(random.next() % 60), &random) }
        let index = try TracedCorpus(["a.jsonl": texts.map { ($0, [:]) }]).build()
        let symbols = texts.reduce(0) { $0 + $1.utf8.count }
        for _ in 0..<20 {
            let bytes = Array((Self.random(12, &random) + "x" + Self.random(4, &random)).utf8)
            for (place, symbol) in try index.infinityGram(of: String(decoding: bytes, as: UTF8.self)).enumerated() {
                let context = (0...place).reversed().first {
                    $0 == 0 || Self.count(Array(bytes[place - $0..<place]), in: texts) > 0
                }
                let length = try #require(context)
                #expect(symbol.context == length, "seed \(seed)")
                let before = Array(bytes[place - length..<place])
                #expect(symbol.contextCount == (length == 0 ? symbols : Self.count(before, in: texts)), "seed \(seed)")
                #expect(symbol.count == Self.count(before + [bytes[place]], in: texts), "seed \(seed)")
            }
        }
    }

    @Test func theHabitIsTheChats() throws {
        let index = try TracedCorpus([
            "chat.jsonl": (0..<20).map { ("好。。。第\($0)次！！！", [:]) },
            "book.jsonl": (0..<20).map { ("第\($0)回。话说天下大势，分久必合。" + ($0 == 3 ? "。。。" : ""), [:]) },
        ]).build()
        let pool = try WorkerPool(threads: 2)
        for pattern in ["。。。", "/([。！])\\1\\1/"] {
            let report = try index.habit(try HabitPattern(pattern), on: pool)
            #expect(report.guilty.map(\.name) == ["chat.jsonl"])
            #expect(report.sources.map(\.tally.occurrences) == (pattern.hasPrefix("/") ? [40, 1] : [20, 1]))
            #expect(report.sources[0].examples.count == 3 && report.sources[0].examples[0].excerpt.contains("。。。"))
        }
        #expect(throws: ProvenanceError.self) { try HabitPattern("/(/") }
        #expect(throws: ProvenanceError.self) { try HabitPattern("") }
    }
}
