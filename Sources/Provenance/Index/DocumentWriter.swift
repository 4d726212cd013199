import Corpus
import JSON
import Sorting

/// Writes the documents of an index: symbols, metadata and where each begins.
struct DocumentWriter {
    private let coding: SymbolCoding
    private let root: String
    private let limits: ProvenanceLimits
    private let symbols: WholeFile
    private let metadata: WholeFile
    private let documents: WholeFile
    private var manifest: IndexManifest
    private var files: [String: Int] = [:]
    private var sources: [String: Int] = [:]
    private static let otherSource = "…"

    init(
        folder: String, coding: SymbolCoding, root: String, _ limits: ProvenanceLimits
    ) throws(SortingError) {
        self.coding = coding
        self.root = root
        self.limits = limits
        symbols = try WholeFile(path: "\(folder)/\(IndexManifest.symbolsName)")
        metadata = try WholeFile(path: "\(folder)/\(IndexManifest.metadataName)")
        documents = try WholeFile(path: "\(folder)/\(IndexManifest.documentsName)")
        manifest = IndexManifest(coding: coding)
    }

    /// - Parameter encoded: the text's symbols.
    mutating func add(_ document: Document, _ encoded: [UInt8]) throws(ProvenanceError) {
        guard manifest.documents < limits.documentsMax else {
            throw .tooMany(operation: "index the corpus", limit: limits.documentsMax, unit: "documents")
        }
        let record = DocumentRecord(
            symbol: manifest.symbols, metadata: manifest.metadataBytes, file: file(document.file), line: document.line,
            source: source(document))
        var facts: [UInt8] = []
        if !document.metadata.isEmpty {
            var object = JSONObject()
            for (name, value) in document.metadata.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
            facts = Array(JSONValue.object(object).serialized().utf8)
        }
        do throws(SortingError) {
            try symbols.write(encoded)
            try symbols.write(coding.separator)
            try metadata.write(facts)
            try documents.write(record.stored)
        } catch {
            throw ProvenanceError(error)
        }
        manifest.symbols += encoded.count / coding.symbolBytes + 1
        manifest.metadataBytes += facts.count
        manifest.documents += 1
        let bytes = document.text.utf8.count
        manifest.textBytes += bytes
        manifest.sources[record.source].documents += 1
        manifest.sources[record.source].bytes += bytes
    }

    private mutating func file(_ path: String) -> Int {
        if let known = files[path] { return known }
        files[path] = manifest.files.count
        manifest.files.append(path)
        return manifest.files.count - 1
    }

    private mutating func source(_ document: Document) -> Int {
        var name = document.metadata["source"] ?? document.file
        if name == document.file, name.hasPrefix(root + "/") { name.removeFirst(root.utf8.count + 1) }
        // Where every document has a source of its own, names say little.
        if sources[name] == nil, manifest.sources.count >= limits.sourcesMax - 1 { name = Self.otherSource }
        if let known = sources[name] { return known }
        sources[name] = manifest.sources.count
        manifest.sources.append(IndexManifest.Source(name: name, documents: 0, bytes: 0))
        return manifest.sources.count - 1
    }

    mutating func finish() throws(ProvenanceError) -> IndexManifest {
        let end = DocumentRecord(
            symbol: manifest.symbols, metadata: manifest.metadataBytes, file: 0, line: 0, source: 0)
        do throws(SortingError) {
            try documents.write(end.stored)
            for file in [symbols, metadata, documents] { try file.finish() }
        } catch {
            throw ProvenanceError(error)
        }
        return manifest
    }
}
