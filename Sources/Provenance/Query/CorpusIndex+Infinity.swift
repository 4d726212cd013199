/// What the corpus makes of a symbol after those before it.
package struct InfinitySymbol: Sendable, Equatable {
    package var text: String
    /// Symbols before it that the corpus has in a row: as many as there are.
    package var context: Int
    /// How often the corpus has these, and how often with this symbol after them.
    package var contextCount: Int
    package var count: Int

    package var probability: Double { Double(count) / Double(max(1, contextCount)) }
}

extension CorpusIndex {
    /// Infinity-gram probabilities (Liu and others, 2024): of each symbol after the longest run before it that the
    /// corpus has, however long; nothing is smoothed.
    package func infinityGram(of text: String) throws(ProvenanceError) -> [InfinitySymbol] {
        guard text.utf8.count <= limits.questionBytesMax else {
            throw .pattern(text: String(text.prefix(40)), reason: "it has more than \(limits.questionBytesMax) bytes")
        }
        let width = coding.symbolBytes
        let question = coding.encode(text)
        var symbols: [InfinitySymbol] = []
        // A context is at most one longer than the one before it.
        var context = 0
        for place in 0..<question.count / width {
            var contextCount = manifest.suffixes
            while context > 0 {
                contextCount = try ranks(of: question[(place - context) * width..<place * width]).count
                if contextCount > 0 { break }
                context -= 1
                contextCount = manifest.suffixes
            }
            let count = try ranks(of: question[(place - context) * width..<(place + 1) * width]).count
            symbols.append(
                InfinitySymbol(
                    text: coding.decode(Array(question[place * width..<(place + 1) * width])), context: context,
                    contextCount: contextCount, count: count))
            context = min(context + 1, ProvenanceLimits.patternBytesMax / width - 1)
        }
        return symbols
    }
}
