import Foundation
import Kernels
import Model
import Testing
import danlu

/// Arithmetic and files of `bench` and `perplexity`.
@Suite struct MeasurementTests {
    @Test func medianOfOddAndEven() {
        let test = BenchTest(kind: .prompt, tokens: 512)
        #expect(BenchResult(test: test, rates: [3, 1, 2]).median == 2)
        let even = BenchResult(test: test, rates: [4, 1, 2, 3], roof: 5)
        #expect(even.median == 2.5 && even.min == 1 && even.max == 4)
        #expect(
            even.json.serialized()
                == #"{"test":"pp512","kind":"prompt","tokens":512,"depth":0,"sequences":1,"#
                + #""tokens_per_second":{"median":2.5,"min":1.0,"max":4.0},"roof_tokens_per_second":5.0}"#)
    }

    @Test func testsOfAllLists() {
        let tests = BenchTest.all(
            prompts: [512, 0], generated: [128], depths: [0, 4096], sequences: [1, 8], batchPrompt: 64)
        #expect(tests.map(\.name) == ["pp512", "tg128", "pp512 @ d4096", "tg128 @ d4096", "tg128 x8"])
        #expect(tests.map(\.length) == [512, 128, 4608, 4224, 192])
    }

    @Test func roofIsTheSlowerOfMemoryAndArithmetic() {
        let machine = Roof(
            readBytesPerSecond: 1000, integerOperationsPerSecond: 100_000, floatOperationsPerSecond: 10_000)
        var work = Workload()
        (work.integerMultiplyAdds, work.headMultiplyAdds, work.weightBytes) = (400, 100, 500)
        let roof = BenchRoof(machine: machine, work: work, kvBytesPerToken: 10)
        // One token: (500 + 10 * 50) bytes take a second, 1000 operations a hundredth of one.
        #expect(abs(roof.tokensPerSecond(BenchTest(kind: .generation, tokens: 100)) - 1) < 1e-9)
        // Ten at once read the weights once.
        let batch = BenchTest(kind: .generation, tokens: 100, sequences: 10)
        #expect(abs(roof.tokensPerSecond(batch) - 1000 / 550) < 1e-9)
        // A prompt needs no head: 800 operations a token.
        #expect(abs(roof.tokensPerSecond(BenchTest(kind: .prompt, tokens: 512)) - 125) < 1e-9)
    }

    @Test func scores() {
        var score = PerplexityScore()
        #expect(score.nll == 0 && score.bitsPerByte == 0)
        (score.scored, score.bytes, score.total) = (4, 8, 4 * log(2.0))
        #expect(abs(score.perplexity - 2) < 1e-12)
        #expect(abs(score.bitsPerByte - 0.5) < 1e-12)
    }

    @Test func logitsFileIsByteForByteAsDescribed() throws {
        let path = NSTemporaryDirectory() + "danlu-logits-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try LogitsFile(path: path, rows: 2, columns: 3)
        for row in [[Float(1), 2, 3], [-1, 0, 0.5]] { try row.withUnsafeBufferPointer { try file.append($0) } }
        try file.close()
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect(bytes.prefix(16) == Data("DLGT".utf8) + Data([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]))
        #expect(bytes.count == 16 + 24)
        #expect(bytes.dropFirst(16).prefix(4) == Data([0, 0, 0x80, 0x3F]))
    }
}
