import Foundation
import Testing
import danlu

/// Arithmetic and files of `bench` and `perplexity`.
@Suite struct MeasurementTests {
    @Test func medianOfOddAndEven() {
        #expect(BenchResult(test: "t", rates: [3, 1, 2]).median == 2)
        let even = BenchResult(test: "pp512", rates: [4, 1, 2, 3])
        #expect(even.median == 2.5 && even.min == 1 && even.max == 4)
        #expect(
            even.json.serialized()
                == #"{"test":"pp512","tokens_per_second":{"median":2.5,"min":1.0,"max":4.0}}"#)
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
