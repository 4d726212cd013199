import JSON
import Washing

/// What of an answer stands in the corpus, and where.
package struct AnswerTrace: Sendable {
    package struct Found: Sendable {
        package var span: VerbatimSpan
        package var sources: [(name: String, count: Int)]
        /// The ones that have most to do with the answer first.
        package var documents: [TracedDocument]
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

    /// Documents of a span that its best ones are chosen from, as in OLMoTrace.
    private static let candidatesMax = 10

    /// - Parameters:
    ///   - question: what was answered, which helps to choose among documents.
    ///   - symbolsMin: nil is 6 tokens or 24 bytes.
    ///   - documentsMax: of each span.
    package init(
        of text: String, to question: String = "", in index: CorpusIndex, symbolsMin: Int? = nil,
        spansMax: Int = 20, documentsMax: Int = 5, infinityGram wantsInfinityGram: Bool = false
    ) throws(ProvenanceError) {
        let found = try index.spans(of: text, symbolsMin: symbolsMin, spansMax: spansMax)
        symbols = index.coding.encode(text).count / index.coding.symbolBytes
        coveredShare = Self.covered(found.map(\.symbols), of: symbols)
        washing = index.manifest.washing
        infinityGram = wantsInfinityGram ? try index.infinityGram(of: text) : nil
        spans = []
        var places: [[CorpusIndex.Candidate]] = []
        for span in found {
            spans.append(Found(span: span, sources: try index.sources(of: span), documents: []))
            let candidatesMax = documentsMax > 0 ? max(documentsMax, Self.candidatesMax) : 0
            places.append(try index.candidates(of: span, max: candidatesMax))
        }
        try choose(places, question + "\n" + text, index, documentsMax)
        if let rules = index.rules { try ask(rules, index) }
    }

    /// The share of so many symbols that lie in one of the ranges.
    private static func covered(_ ranges: [Range<Int>], of symbols: Int) -> Double {
        var (covered, end) = (0, 0)
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            covered += max(0, range.upperBound - max(end, range.lowerBound))
            end = max(end, range.upperBound)
        }
        return symbols > 0 ? Double(covered) / Double(symbols) : 0
    }

    /// Of each span the documents that have most to do with the answer, by what stands around it there.
    private mutating func choose(
        _ places: [[CorpusIndex.Candidate]], _ query: String, _ index: CorpusIndex, _ documentsMax: Int
    ) throws(ProvenanceError) {
        let context = index.coding.symbolBytes == 1 ? 400 : 100
        var texts: [String] = []
        for (found, candidates) in zip(spans, places) {
            for candidate in candidates {
                texts.append(try index.surroundings(of: found.span, at: candidate, symbols: context))
            }
        }
        var scores = Relevance(query: query).scores(of: texts)[...]
        for (number, candidates) in places.enumerated() {
            let ranked = zip(candidates, scores.prefix(candidates.count)).enumerated()
                .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }.prefix(documentsMax)
            scores = scores.dropFirst(candidates.count)
            let span = spans[number].span
            spans[number].documents = try ranked.map { (candidate) throws(ProvenanceError) in
                TracedDocument(
                    place: try index.occurrence(of: span, at: candidate.element.0), relevance: candidate.element.1)
            }
        }
    }

    /// Each document is asked about once, however many spans it has.
    private mutating func ask(_ rules: PassedRules, _ index: CorpusIndex) throws(ProvenanceError) {
        var texts: [Int: String] = [:]
        var bytesLeft = index.limits.explainedBytesMax
        for document in Set(spans.flatMap { $0.documents.map(\.place.document) }).sorted() {
            guard let text = try index.wholeText(of: document, bytesMax: bytesLeft) else { continue }
            bytesLeft -= text.utf8.count
            texts[document] = text
        }
        let numbers = texts.keys.sorted()
        let values = Dictionary(
            uniqueKeysWithValues: zip(numbers, rules.values(of: numbers.compactMap { texts[$0] })))
        for span in spans.indices {
            for document in spans[span].documents.indices {
                spans[span].documents[document].rules = values[spans[span].documents[document].place.document]
            }
        }
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
            "documents": .array(found.documents.map { .object($0.json) }),
        ]
    }
}
