import JSON

/// What an index is: `index.json`, written last.
package struct IndexManifest: Sendable, Equatable {
    package struct Source: Sendable, Equatable {
        package var name: String
        package var documents: Int
        /// Bytes of its texts.
        package var bytes: Int
    }

    package var symbolBytes: Int
    /// Symbols of all documents with those that end them.
    package var symbols: Int
    package var suffixes: Int
    package var documents: Int
    package var textBytes: Int
    package var metadataBytes: Int
    /// The files that were read, as their paths were given or found.
    package var files: [String]
    package var sources: [Source]
    package var hasTokenizer: Bool
    /// Nil for text that was not washed by Danlu.
    package var washing: WashingNote?

    static let name = "index.json"
    static let symbolsName = "symbols.bin"
    static let suffixesName = "suffixes.bin"
    static let documentsName = "documents.bin"
    static let metadataName = "metadata.bin"
    static let tokenizerNames = ["tokenizer.json", "tokenizer_config.json"]
    private static let format = "danlu-index-1"

    var json: JSONValue {
        var object: JSONObject = [
            "format": .string(Self.format), "symbol_bytes": .int(symbolBytes), "symbols": .int(symbols),
            "suffixes": .int(suffixes), "documents": .int(documents), "text_bytes": .int(textBytes),
            "metadata_bytes": .int(metadataBytes), "tokenizer": .bool(hasTokenizer),
            "sources": .array(
                sources.map { ["name": .string($0.name), "documents": .int($0.documents), "bytes": .int($0.bytes)] }),
            "files": .array(files.map { .string($0) }),
        ]
        object["washing"] = washing?.stored
        return .object(object)
    }

    /// Nil when a member is missing or out of bounds.
    init?(_ json: JSONValue) {
        guard json["format"]?.string == Self.format, let symbolBytes = json["symbol_bytes"]?.int,
            [1, 2, 4].contains(symbolBytes), let symbols = Self.count(json["symbols"]),
            let suffixes = Self.count(json["suffixes"]), let documents = Self.count(json["documents"]),
            let textBytes = Self.count(json["text_bytes"]), let metadataBytes = Self.count(json["metadata_bytes"]),
            let hasTokenizer = json["tokenizer"]?.bool, hasTokenizer == (symbolBytes > 1),
            suffixes + documents == symbols, let sources = json["sources"]?.array, let files = json["files"]?.array
        else { return nil }
        self.symbolBytes = symbolBytes
        self.symbols = symbols
        self.suffixes = suffixes
        self.documents = documents
        self.textBytes = textBytes
        self.metadataBytes = metadataBytes
        self.hasTokenizer = hasTokenizer
        washing = json["washing"].flatMap(WashingNote.init)
        self.files = files.compactMap(\.string)
        self.sources = sources.compactMap { source in
            guard let name = source["name"]?.string, let documents = Self.count(source["documents"]),
                let bytes = Self.count(source["bytes"])
            else { return nil }
            return Source(name: name, documents: documents, bytes: bytes)
        }
        guard self.files.count == files.count, self.sources.count == sources.count else { return nil }
    }

    init(coding: SymbolCoding) {
        symbolBytes = coding.symbolBytes
        (symbols, suffixes, documents, textBytes, metadataBytes) = (0, 0, 0, 0, 0)
        (files, sources) = ([], [])
        hasTokenizer = coding.tokenizer != nil
    }

    /// What five bytes hold at most, so that sums and products cannot overflow.
    private static func count(_ value: JSONValue?) -> Int? {
        value?.int.flatMap { (0..<1 << 40).contains($0) ? $0 : nil }
    }
}
