import Corpus
import Foundation
import Kernels
import Testing
import Training

@Suite struct TrainingDataTests {
    private let texts = (0..<400).map { number in
        number % 3 == 0 ? "第\(number)首：春眠不覺曉" : "text \(number) " + String(repeating: "word ", count: number % 40)
    }

    private func load(
        _ folder: TemporaryFolder, _ paths: [DataPath], threads: Int = 2, heldOut: Double = 0.1,
        cache: String = "cache",
        progress: (TokenizingProgress) -> Void = { _ in }
    ) throws -> TrainingData {
        try TrainingData(
            paths, tokenizer: TrainingTokenizer(folder: folder.writeTokenizer()),
            cache: TokenCache(folder: "\(folder.path)/\(cache)"), heldOutShare: heldOut, brokenLinesMax: 0,
            on: WorkerPool(threads: threads), progress: progress)
    }

    @Test func shardsAreMadeOnceAndAreTheSameForAnyNumberOfThreads() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = DataPath(path: try folder.write("a.jsonl", texts: texts))
        var blocks = 0
        let first = try load(folder, [path], threads: 1) { _ in blocks += 1 }
        #expect(blocks == 1)
        let second = try load(folder, [path]) { _ in blocks += 1 }
        #expect(blocks == 1)
        let third = try load(folder, [path], threads: 3, cache: "other") { _ in blocks += 1 }
        #expect(blocks == 2)
        #expect(first.manifest == second.manifest && first.manifest == third.manifest)
        func bytes(_ cache: String) throws -> Data {
            try Data(contentsOf: URL(filePath: "\(folder.path)/\(cache)/\(first.sources[0].shard.key)/tokens.bin"))
        }
        #expect(try bytes("cache") == bytes("other"))
        try folder.write("a.jsonl", texts: texts + ["more"])
        #expect(try load(folder, [path]).manifest.hash != first.manifest.hash)
    }

    @Test func aDamagedShardIsMadeAgain() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = DataPath(path: try folder.write("a.jsonl", texts: texts))
        let key = try load(folder, [path]).sources[0].shard.key
        for name in ["tokens.bin", "documents.bin", "manifest.json"] {
            let file = URL(filePath: "\(folder.path)/cache/\(key)/\(name)")
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
            var isMade = false
            _ = try load(folder, [path]) { _ in isMade = true }
            #expect(isMade, "\(name)")
        }
    }

    @Test func documentsAreWhatTheTextSays() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let shard = try load(folder, [DataPath(path: folder.write("a.jsonl", texts: texts))]).sources[0].shard
        #expect(shard.documentCount == texts.count)
        for (index, text) in texts.enumerated() {
            let document = shard.document(index)
            let tokens = (0..<document.tokens).map { shard.token(at: document.offset + $0) }
            #expect(tokens == text.utf8.map { Self.id($0) } + [256])
            #expect(document.bytes == text.utf8.count && document.scoredBytes == document.bytes - 1)
            #expect(document.language == (index % 3 == 0 ? .chinese : .english))
        }
    }

    /// Ids follow the order of bytes.
    private static func id(_ byte: UInt8) -> Int32 { Int32(byte) }

    @Test func batchesAreTextAndHeldOutTextIsNotAmongThem() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let data = try load(folder, [DataPath(path: folder.write("a.jsonl", texts: texts))])
        let source = data.sources[0]
        #expect(source.heldOut.count > 15 && source.heldOut.count < 80)
        #expect(Set(source.heldOut + source.training).count == texts.count)
        let heldOut = Set(source.heldOut.map { texts[Int($0)] })
        var stream = DataStream(sources: data.sources, sequence: 64, seed: 1)
        var seen = Set<String>()
        for _ in 0..<300 {
            let batch = stream.next(rows: 4)
            #expect(batch.flaw(vocabularySize: 257) == nil)
            #expect(batch.targetCount > 4 * 45)
            for index in batch.tokens.indices where batch.documents[index] == Int32(index % 64) {
                // A document's beginning, read to its end where it is short enough.
                var (bytes, place) = ([UInt8(truncatingIfNeeded: batch.tokens[index])], index)
                while batch.targets[place] >= 0, batch.targets[place] < 256 {
                    bytes.append(UInt8(batch.targets[place]))
                    place += 1
                    if place % 64 == 0 { break }
                }
                seen.insert(String(decoding: bytes, as: UTF8.self))
            }
        }
        #expect(seen.isDisjoint(with: heldOut))
        #expect(source.training.count { texts[Int($0)].utf8.count < 60 && !seen.contains(texts[Int($0)]) } == 0)
    }

    @Test func cursorsResumeExactly() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let data = try load(
            folder,
            [
                DataPath(path: folder.write("a.jsonl", texts: texts), weight: 1),
                DataPath(path: folder.write("b.txt", "你好世界\n"), weight: 1),
            ])
        var stream = DataStream(sources: data.sources, sequence: 48, seed: 5)
        for _ in 0..<40 {
            let cursor = try JSONDecoder().decode(DataCursor.self, from: JSONEncoder().encode(stream.cursor))
            var resumed = DataStream(sources: data.sources, sequence: 48, seed: 5, cursor: cursor)
            let batch = stream.next(rows: 3)
            #expect(resumed.next(rows: 3) == batch)
            #expect(resumed.cursor == stream.cursor)
        }
        #expect(stream.cursor.sources[1].epoch > 10)
        var other = DataStream(sources: data.sources, sequence: 48, seed: 6)
        var first = DataStream(sources: data.sources, sequence: 48, seed: 5)
        #expect(other.next(rows: 3) != first.next(rows: 3))
    }

    @Test func weightsAreSharesOfTokens() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let data = try load(
            folder,
            [
                DataPath(path: folder.write("a.jsonl", texts: texts), weight: 3),
                DataPath(path: folder.write("b.jsonl", texts: texts.map { "b \($0)" }), weight: 1),
            ])
        var stream = DataStream(sources: data.sources, sequence: 128, seed: 1)
        for _ in 0..<200 { _ = stream.next(rows: 1) }
        let tokens = stream.cursor.sources.map { Double($0.tokens) }
        #expect(abs(tokens[0] / tokens[1] - 3) < 0.1)
    }

    @Test func heldOutTextKnowsItsBytes() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let data = try load(folder, [DataPath(path: folder.write("a.jsonl", texts: texts))])
        let heldOut = HeldOutText(sources: data.sources, sequence: 64, rows: 4, tokensMax: 1000)
        for language in TextLanguage.allCases {
            let positions = heldOut.batches.flatMap(\.parts).filter { $0.language == language }
                .reduce(0) { $0 + $1.positions.count }
            // A byte a token: but for a document's first byte, all are predicted, and its end is too.
            #expect(positions > 0 && positions <= 1000)
            #expect(positions == (heldOut.bytes[language] ?? 0) + (heldOut.documents[language] ?? 0))
        }
        for batch in heldOut.batches { #expect(batch.batch.flaw(vocabularySize: 257) == nil) }
    }

    @Test(arguments: [
        ("a.txt", "a.txt", nil), ("a.txt=2", "a.txt", 2.0), ("a=b.txt", "a=b.txt", nil), ("a=b=0.5", "a=b", 0.5),
    ])
    func weightsFollowPaths(argument: String, path: String, weight: Double?) {
        #expect(DataPath(argument: argument) == DataPath(path: path, weight: weight))
        #expect(DataPath(argument: "a=-1") == nil && DataPath(argument: "a=0") == nil)
    }

    @Test func nothingToLearnIsAnError() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try folder.write("a.jsonl", "\n")
        #expect(throws: TrainingError.self) { try load(folder, [DataPath(path: "\(folder.path)/a.jsonl")]) }
        #expect(throws: TrainingError.self) { try load(folder, [DataPath(path: "\(folder.path)/none.txt")]) }
        // One document is trained on, however large the share that is held out.
        try folder.write("a.jsonl", texts: ["only one"])
        let data = try load(folder, [DataPath(path: "\(folder.path)/a.jsonl")], heldOut: 1)
        #expect(data.sources[0].training.count == 1)
    }
}
