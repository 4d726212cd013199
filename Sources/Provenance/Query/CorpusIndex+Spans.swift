import Foundation
import Kernels

/// A part of a text that stands in the corpus word for word, and cannot be made longer to either side.
package struct VerbatimSpan: Sendable, Equatable {
    /// Symbols of the text that was asked about.
    package var symbols: Range<Int>
    package var text: String
    /// How often the corpus has it.
    package var count: Int
    /// How improbable its symbols are one by one, in bits: of two spans the higher one says more.
    package var bits: Double
    /// Ranks of its suffixes.
    var ranks: Range<Int>
}

extension CorpusIndex {
    /// Every part of a text, of at least so many symbols, that the corpus has and that cannot be made longer; the most
    /// improbable first.
    ///
    /// - Parameter symbolsMin: nil is 6 tokens or 24 bytes.
    /// - Throws: `ProvenanceError.pattern` for a text that is too long.
    package func spans(
        of text: String, symbolsMin: Int? = nil, spansMax: Int = 50
    ) throws(ProvenanceError) -> [VerbatimSpan] {
        guard text.utf8.count <= limits.questionBytesMax else {
            throw .pattern(text: String(text.prefix(40)), reason: "it has more than \(limits.questionBytesMax) bytes")
        }
        let width = coding.symbolBytes
        let question = coding.encode(text)
        let least = max(1, symbolsMin ?? (width == 1 ? 24 : 6))
        let starts = (0..<question.count / width).filter { width > 1 || !isContinuation(question[$0]) }
        let lengths = try answers(starts.count) { (at) throws(ProvenanceError) in
            try longestMatch(question[(starts[at] * width)...])
        }
        var ranges: [Range<Int>] = []
        var end = 0
        for (start, length) in zip(starts, lengths) {
            var last = start + length
            // Of a character that is not there as a whole, nothing.
            if width == 1 {
                while last > start && last < question.count && isContinuation(question[last]) { last -= 1 }
            }
            guard last > end else { continue }
            end = last
            if last - start >= least { ranges.append(start..<last) }
        }
        let patterns = ranges.map { question[$0.lowerBound * width..<$0.upperBound * width] }
        let found = try answers(patterns.count) { (at) throws(ProvenanceError) in try ranks(of: patterns[at]) }
        let bits = try bits(of: patterns)
        let spans = ranges.indices.map { at in
            VerbatimSpan(
                symbols: ranges[at], text: coding.decode(Array(patterns[at])), count: found[at].count, bits: bits[at],
                ranks: found[at])
        }
        return Array(
            spans.sorted { ($0.bits, $1.symbols.lowerBound) > ($1.bits, $0.symbols.lowerBound) }.prefix(spansMax))
    }

    /// Questions that are asked at once: where the disk answers, it answers many as fast as one.
    private static let questionsAtOnce = 8

    /// What a question comes to for each number.
    private func answers<Answer: Sendable>(
        _ count: Int, _ ask: (Int) throws(ProvenanceError) -> Answer
    ) throws(ProvenanceError) -> [Answer] {
        var answers = [Result<Answer, ProvenanceError>?](repeating: nil, count: count)
        // One's own pool: several readers may ask at once. Without threads the questions are asked in turn.
        let pool = count > 1 ? try? WorkerPool(threads: Self.questionsAtOnce) : nil
        answers.withUnsafeMutableBufferPointer { answers in
            func answer(_ at: Int) { answers[at] = Result { () throws(ProvenanceError) in try ask(at) } }
            if let pool {
                pool.forEach(count: count) { at, _ in answer(at) }
            } else {
                for at in 0..<count { answer(at) }
            }
        }
        var all: [Answer] = []
        for case .some(let answer) in answers { all.append(try answer.get()) }
        return all
    }

    private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// How many symbols of this text's beginning the corpus has in a row: of all suffixes those that would be the
    /// neighbours of the text have most in common with it.
    func longestMatch(_ text: ArraySlice<UInt8>) throws(ProvenanceError) -> Int {
        let pattern = text.prefix(ProvenanceLimits.patternBytesMax / coding.symbolBytes * coding.symbolBytes)
        return try pattern.withTypedBytes { (bytes) throws(ProvenanceError) -> Int in
            let rank = try bound(bytes, after: false, in: 0..<manifest.suffixes)
            var longest = 0
            for neighbour in [rank - 1, rank] where neighbour >= 0 && neighbour < manifest.suffixes {
                longest = max(longest, compare(bytes, try place(neighbour)).common / coding.symbolBytes)
            }
            return longest
        }
    }

    /// What the symbols' own frequencies make of runs of them: the sums of -log2.
    private func bits(of patterns: [ArraySlice<UInt8>]) throws(ProvenanceError) -> [Double] {
        func symbols(_ pattern: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
            stride(from: pattern.startIndex, to: pattern.endIndex, by: coding.symbolBytes).map {
                pattern[$0..<$0 + coding.symbolBytes]
            }
        }
        let different = Array(Set(patterns.flatMap(symbols)))
        let counts = try answers(different.count) { (at) throws(ProvenanceError) in try ranks(of: different[at]).count }
        let bits = Dictionary(
            uniqueKeysWithValues: zip(different, counts.map { log2(Double(manifest.suffixes) / Double(max(1, $0))) }))
        return patterns.map { symbols($0).reduce(0) { $0 + (bits[$1] ?? 0) } }
    }
}
