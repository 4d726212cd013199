import JSON

/// What of an answer stands in the corpus, and where.
package struct AnswerTrace: Sendable {
    package struct Found: Sendable {
        package var span: VerbatimSpan
        package var sources: [(name: String, count: Int)]
        package var occurrences: [Occurrence]
    }

    /// The most improbable first.
    package var spans: [Found]
    /// Symbols of the answer.
    package var symbols: Int
    /// The share of them that spans cover.
    package var coveredShare: Double
    /// What all documents of the corpus have passed; nil for one that was not washed by Danlu.
    package var washing: WashingNote?
    /// Nil unless asked for.
    package var infinityGram: [InfinitySymbol]?

    /// - Parameters:
    ///   - symbolsMin: nil is 6 tokens or 24 bytes.
    ///   - documentsMax: of each span.
    package init(
        of text: String, in index: CorpusIndex, symbolsMin: Int? = nil, spansMax: Int = 20, documentsMax: Int = 5,
        infinityGram wantsInfinityGram: Bool = false
    ) throws(ProvenanceError) {
        spans = []
        for span in try index.spans(of: text, symbolsMin: symbolsMin, spansMax: spansMax) {
            spans.append(
                Found(
                    span: span, sources: try index.sources(of: span),
                    occurrences: try index.occurrences(of: span, max: documentsMax)))
        }
        symbols = index.coding.encode(text).count / index.coding.symbolBytes
        var covered = 0
        var end = 0
        for range in spans.map(\.span.symbols).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            covered += max(0, range.upperBound - max(end, range.lowerBound))
            end = max(end, range.upperBound)
        }
        coveredShare = symbols > 0 ? Double(covered) / Double(symbols) : 0
        washing = index.manifest.washing
        infinityGram = wantsInfinityGram ? try index.infinityGram(of: text) : nil
    }

    package var json: JSONObject {
        var object: JSONObject = [
            "symbols": .int(symbols), "covered_share": .double(coveredShare), "spans": .array(spans.map(json)),
        ]
        object["washing"] = washing?.json
        if let infinityGram {
            object["infinity_gram"] = .array(
                infinityGram.map {
                    [
                        "text": .string($0.text), "context": .int($0.context),
                        "context_count": .int($0.contextCount), "count": .int($0.count),
                        "probability": .double($0.probability),
                    ]
                })
        }
        return object
    }

    private func json(_ found: Found) -> JSONValue {
        [
            "text": .string(found.span.text), "start": .int(found.span.symbols.lowerBound),
            "end": .int(found.span.symbols.upperBound), "count": .int(found.span.count),
            "bits": .double(found.span.bits),
            "sources": .array(found.sources.map { ["name": .string($0.name), "count": .int($0.count)] }),
            "documents": .array(found.occurrences.map(json)),
        ]
    }

    private func json(_ place: Occurrence) -> JSONValue {
        var object: JSONObject = [
            "source": .string(place.source), "file": .string(place.file), "line": .int(place.line),
            "before": .string(place.before), "text": .string(place.text), "after": .string(place.after),
        ]
        if let metadata = place.metadata { object["metadata"] = .object(metadata) }
        return .object(object)
    }
}
