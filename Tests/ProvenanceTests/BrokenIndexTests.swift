import Corpus
import Foundation
import Kernels
import Provenance
import Testing

@Suite struct BrokenIndexTests {
    static let names = ["index.json", "symbols.bin", "suffixes.bin", "documents.bin", "metadata.bin"]

    static func ask(_ folder: String) throws {
        let index = try CorpusIndex(folder: folder)
        _ = try index.infinityGram(of: "one two")
        for span in try index.spans(of: "one two three four five", symbolsMin: 3) {
            _ = try index.sources(of: span)
            _ = try index.occurrences(of: span, max: 10)
        }
        _ = try index.habit(try HabitPattern("two"), on: WorkerPool(threads: 1))
    }

    @Test func whateverIsInTheFilesNothingTraps() throws {
        let corpus = try TracedCorpus([
            "a.jsonl": [("one two three", ["source": "x"]), ("two three four", ["url": "u"]), ("five", [:])]
        ])
        _ = try corpus.build()
        try Self.ask(corpus.index)
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for name in Self.names {
            let file = URL(filePath: "\(corpus.index)/\(name)")
            let sound = try [UInt8](Data(contentsOf: file))
            for length in [0, 1, sound.count / 2, sound.count - 1] {
                try Data(sound[..<length]).write(to: file)
                #expect(throws: ProvenanceError.self, "\(name), \(length) bytes") { try Self.ask(corpus.index) }
            }
            for _ in 0..<60 {
                var bytes = sound
                for _ in 0...random.next() % 3 {
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                try Data(bytes).write(to: file)
                // An answer or an error; what it is depends on the byte.
                do { try Self.ask(corpus.index) } catch is ProvenanceError {}
            }
            try Data(sound).write(to: file)
        }
        try Self.ask(corpus.index)
        try FileManager.default.removeItem(atPath: "\(corpus.index)/suffixes.bin")
        #expect(throws: ProvenanceError.self) { try Self.ask(corpus.index) }
    }

    @Test func anIndexIsNotReplacedUnasked() throws {
        let corpus = try TracedCorpus(["a.jsonl": [("one", [:])]])
        _ = try corpus.build()
        #expect(throws: ProvenanceError.exists(path: corpus.index)) {
            try IndexBuilder(output: corpus.index, tokenizerFolder: nil, overwrite: false)
        }
        // A folder that is no index is never removed.
        #expect(throws: ProvenanceError.exists(path: corpus.corpus)) {
            try IndexBuilder(output: corpus.corpus, tokenizerFolder: nil, overwrite: true)
        }
    }

    @Test func afterAFailureNothingIsLeft() throws {
        let corpus = try TracedCorpus(["a.jsonl": [("one", [:])]])
        try Data("{broken".utf8).write(to: URL(filePath: "\(corpus.corpus)/b.jsonl"))
        #expect(throws: ProvenanceError.self) { try corpus.build() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: corpus.folder) == ["corpus"])
    }
}
