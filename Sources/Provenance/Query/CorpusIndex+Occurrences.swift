import JSON

/// A place in the corpus.
package struct Occurrence: Sendable, Equatable {
    package var document: Int
    package var source: String
    package var file: String
    package var line: Int
    /// What else the corpus says of the document: where it was taken from, what washing has noted.
    package var metadata: JSONObject?
    /// The text around it, within the document.
    package var before: String
    package var text: String
    package var after: String
}

extension CorpusIndex {
    /// How the occurrences of a span divide among sources, the most first. Of more than `occurrencesMax` so many are
    /// looked at, evenly, and the rest is taken to be like them.
    package func sources(of span: VerbatimSpan) throws(ProvenanceError) -> [(name: String, count: Int)] {
        let sample = Self.sample(span.ranks, limits.occurrencesMax)
        var counts: [Int: Int] = [:]
        for rank in sample { counts[try record(document(at: place(rank))).source, default: 0] += 1 }
        let scale = Double(span.ranks.count) / Double(max(1, sample.count))
        return counts.map { (manifest.sources[$0.key].name, Int((Double($0.value) * scale).rounded())) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// A place of a span in a document.
    struct Candidate {
        var place: Int
        var document: Int
    }

    /// Places of a span in different documents, evenly chosen among all.
    func candidates(of span: VerbatimSpan, max candidatesMax: Int) throws(ProvenanceError) -> [Candidate] {
        var found: [Candidate] = []
        var seen: Set<Int> = []
        for rank in Self.sample(span.ranks, 8 * candidatesMax) where found.count < candidatesMax {
            let place = try place(rank)
            let document = try document(at: place)
            if seen.insert(document).inserted { found.append(Candidate(place: place, document: document)) }
        }
        return found
    }

    /// Some of the documents that have a span, each once.
    package func occurrences(of span: VerbatimSpan, max occurrencesMax: Int) throws(ProvenanceError) -> [Occurrence] {
        try candidates(of: span, max: occurrencesMax).map { (candidate) throws(ProvenanceError) in
            try occurrence(of: span, at: candidate)
        }
    }

    /// The text around a place, within its document.
    func surroundings(
        of span: VerbatimSpan, at candidate: Candidate, symbols context: Int
    ) throws(ProvenanceError) -> String {
        let bounds = try symbolRange(of: candidate.document)
        let end = min(candidate.place + span.symbols.count + context, bounds.upperBound)
        return text(max(bounds.lowerBound, candidate.place - context)..<max(candidate.place, end))
    }

    /// The whole text of a document; nil for one of more bytes than that.
    func wholeText(of document: Int, bytesMax: Int) throws(ProvenanceError) -> String? {
        let range = try symbolRange(of: document)
        guard range.count <= bytesMax else { return nil }
        let text = text(range)
        return text.utf8.count <= bytesMax ? text : nil
    }

    private static func sample(_ ranks: Range<Int>, _ most: Int) -> [Int] {
        let count = min(most, ranks.count)
        return (0..<count).map { ranks.lowerBound + $0 * ranks.count / count }
    }

    /// With this much of the text to each side.
    private var contextSymbols: Int { coding.symbolBytes == 1 ? 120 : 40 }

    func occurrence(of span: VerbatimSpan, at candidate: Candidate) throws(ProvenanceError) -> Occurrence {
        let (number, context) = (candidate.document, contextSymbols)
        let place = candidate.place..<candidate.place + span.symbols.count
        let record = try record(number)
        let bounds = try symbolRange(of: number)
        let end = min(place.upperBound, bounds.upperBound)
        let before = text(max(bounds.lowerBound, place.lowerBound - context)..<place.lowerBound)
        let after = text(end..<min(bounds.upperBound, end + context))
        return Occurrence(
            document: number, source: manifest.sources[record.source].name, file: manifest.files[record.file],
            line: record.line, metadata: try metadata(of: number),
            before: String(before.drop { $0 == "\u{FFFD}" }), text: text(place.lowerBound..<end),
            after: after.hasSuffix("\u{FFFD}") ? String(after.dropLast()) : after)
    }

    /// The document's own symbols, without what ends it.
    func symbolRange(of document: Int) throws(ProvenanceError) -> Range<Int> {
        let (start, next) = (try record(document).symbol, DocumentRecord(documents, document + 1).symbol)
        guard start >= 0, start < next, next <= manifest.symbols else {
            throw damaged("document \(document)", expected: "symbols within \(manifest.symbols)", "\(start) to \(next)")
        }
        return start..<next - 1
    }

    func text(_ range: Range<Int>) -> String {
        coding.decode(symbols[range.lowerBound * coding.symbolBytes..<range.upperBound * coding.symbolBytes].copy())
    }

    /// The document that a symbol belongs to.
    func document(at place: Int) throws(ProvenanceError) -> Int {
        var (low, high) = (0, manifest.documents)
        while high - low > 1 {
            let middle = (low + high) / 2
            if DocumentRecord(documents, middle).symbol <= place { low = middle } else { high = middle }
        }
        guard high > low, try symbolRange(of: low).contains(place) else {
            throw damaged("document \(low)", expected: "one that has symbol \(place)", "another")
        }
        return low
    }

    func record(_ document: Int) throws(ProvenanceError) -> DocumentRecord {
        let record = DocumentRecord(documents, document)
        guard record.file < manifest.files.count, record.source < manifest.sources.count else {
            throw damaged("document \(document)", expected: "a file and source of the manifest", "\(record)")
        }
        return record
    }

    func metadata(of document: Int) throws(ProvenanceError) -> JSONObject? {
        let (start, end) = (
            DocumentRecord(documents, document).metadata, DocumentRecord(documents, document + 1).metadata
        )
        guard start >= 0, start <= end, end <= manifest.metadataBytes else {
            throw damaged(
                "document \(document)", expected: "metadata within \(manifest.metadataBytes)", "\(start) to \(end)")
        }
        return start == end ? nil : (try? JSONValue(parsing: metadata[start..<end].copy()))?.object
    }

    private func damaged(_ field: String, expected: String, _ actual: String) -> ProvenanceError {
        .damaged(
            path: "\(folder)/\(IndexManifest.documentsName)", field: field, expected: expected, actual: actual)
    }
}

extension CorpusIndex {
    /// How documents begin, evenly chosen; fewer when there are fewer documents.
    package func beginnings(count: Int, characters: Int) throws(ProvenanceError) -> [String] {
        let count = min(count, manifest.documents)
        var beginnings: [String] = []
        for number in 0..<count {
            let range = try symbolRange(of: number * manifest.documents / count)
            // A character has four bytes at most, and a token one or more.
            let text = text(range.prefix(4 * characters))
            beginnings.append(String(text.prefix(characters).filter { $0 != "\u{FFFD}" }))
        }
        return beginnings
    }
}
