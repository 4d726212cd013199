import Foundation

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
        var spans: [VerbatimSpan] = []
        var end = 0
        for start in 0..<question.count / width {
            guard width > 1 || !isContinuation(question[start]) else { continue }
            let length = try longestMatch(question[(start * width)...])
            var last = start + length
            // Of a character that is not there as a whole, nothing.
            if width == 1 {
                while last > start && last < question.count && isContinuation(question[last]) { last -= 1 }
            }
            guard last > end else { continue }
            end = last
            guard last - start >= least else { continue }
            let pattern = question[start * width..<last * width]
            let ranks = try ranks(of: pattern)
            spans.append(
                VerbatimSpan(
                    symbols: start..<last, text: coding.decode(Array(pattern)), count: ranks.count,
                    bits: try bits(of: pattern), ranks: ranks))
        }
        return Array(
            spans.sorted { ($0.bits, $1.symbols.lowerBound) > ($1.bits, $0.symbols.lowerBound) }.prefix(spansMax))
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

    /// What the symbols' own frequencies make of a run of them: the sum of -log2.
    private func bits(of pattern: ArraySlice<UInt8>) throws(ProvenanceError) -> Double {
        var known: [ArraySlice<UInt8>: Double] = [:]
        var sum = 0.0
        for start in stride(from: pattern.startIndex, to: pattern.endIndex, by: coding.symbolBytes) {
            let symbol = pattern[start..<start + coding.symbolBytes]
            if known[symbol] == nil {
                known[symbol] = log2(Double(manifest.suffixes) / Double(max(1, try ranks(of: symbol).count)))
            }
            sum += known[symbol] ?? 0
        }
        return sum
    }
}
