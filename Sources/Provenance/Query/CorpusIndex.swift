import Foundation
import JSON
import Kernels
import Washing

/// An index on disk that answers questions.
///
///     let index = try CorpusIndex(folder: "index")
///     try index.count(of: "。。。")                         // how often the corpus has it
///     try index.spans(of: answer)                          // what of an answer stands in the corpus
///
/// Files are mapped, not read; whatever they hold, an answer or an error comes. Any thread may ask.
package final class CorpusIndex: Sendable {
    package let folder: String
    package let manifest: IndexManifest
    package let coding: SymbolCoding
    let symbols: ByteView
    let suffixes: ByteView
    let documents: ByteView
    let metadata: ByteView
    let limits: ProvenanceLimits
    /// Of the recipe that washed the corpus; nil where it is not to be asked, or not known.
    let rules: PassedRules?

    /// - Throws: `ProvenanceError.noIndex` where there is none, `.damaged` where files are not as the manifest says.
    package init(
        folder: String, asksRules: Bool = false, limits: ProvenanceLimits = ProvenanceLimits()
    ) throws(ProvenanceError) {
        self.folder = folder
        self.limits = limits
        let manifest = try Self.manifest(folder, limits)
        self.manifest = manifest
        rules = asksRules ? manifest.washing?.rules() : nil
        coding = SymbolCoding(tokenizer: manifest.hasTokenizer ? try IndexTokenizer.read(folder) : nil)
        guard coding.symbolBytes == manifest.symbolBytes else {
            throw .damaged(
                path: "\(folder)/tokenizer.json", field: "vocabulary", expected: "one of \(manifest.symbolBytes) bytes",
                actual: "one of \(coding.symbolBytes)")
        }
        symbols = try Self.map(folder, IndexManifest.symbolsName, manifest.symbols * manifest.symbolBytes)
        suffixes = try Self.map(folder, IndexManifest.suffixesName, manifest.suffixes * Self.entryBytes)
        documents = try Self.map(
            folder, IndexManifest.documentsName, (manifest.documents + 1) * DocumentRecord.bytes)
        metadata = try Self.map(folder, IndexManifest.metadataName, manifest.metadataBytes)
        // A search looks at a few bytes in each of thousands of places.
        symbols.expectScatteredReads(true)
        suffixes.expectScatteredReads(true)
    }

    private static let entryBytes = 5

    private static func manifest(_ folder: String, _ limits: ProvenanceLimits) throws(ProvenanceError) -> IndexManifest
    {
        let path = "\(folder)/\(IndexManifest.name)"
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .noIndex(path: folder, reason: "there is no \(IndexManifest.name)")
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: limits.manifestBytesMax), let json = try? JSONValue(parsing: data),
            let manifest = IndexManifest(json)
        else { throw .noIndex(path: folder, reason: "\(IndexManifest.name) is damaged or of another version") }
        return manifest
    }

    private static func map(_ folder: String, _ name: String, _ bytes: Int) throws(ProvenanceError) -> ByteView {
        let path = "\(folder)/\(name)"
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch {
            throw .file(operation: "read", path: path, reason: error.description)
        }
        guard file.bytes.count == bytes else {
            throw .damaged(path: path, field: "size", expected: "\(bytes) bytes", actual: "\(file.bytes.count)")
        }
        return file.bytes
    }

    /// The place of the suffix with this rank, in symbols.
    func place(_ rank: Int) throws(ProvenanceError) -> Int {
        let at = rank * Self.entryBytes
        let place = Int(suffixes.load(at: at, as: UInt32.self)) | Int(suffixes[at + 4]) << 32
        guard place < manifest.symbols else {
            throw .damaged(
                path: "\(folder)/\(IndexManifest.suffixesName)", field: "suffix \(rank)",
                expected: "below \(manifest.symbols)", actual: "\(place)")
        }
        return place
    }

    /// Whether the text at a place comes before the pattern (-1), begins with it (0) or comes after it (1), and how
    /// many bytes are the same.
    func compare(_ pattern: UnsafeRawBufferPointer, _ place: Int) -> (order: Int, common: Int) {
        symbols.withUnsafeBytes { bytes in
            let start = place * coding.symbolBytes
            let length = min(pattern.count, bytes.count - start)
            var common = 0
            while common + 8 <= length {
                let differing =
                    bytes.loadUnaligned(fromByteOffset: start + common, as: UInt64.self)
                    ^ pattern.loadUnaligned(fromByteOffset: common, as: UInt64.self)
                if differing != 0 {
                    common += UInt64(littleEndian: differing).trailingZeroBitCount / 8
                    break
                }
                common += 8
            }
            while common < length && bytes[start + common] == pattern[common] { common += 1 }
            if common == pattern.count { return (0, common) }
            if common == length { return (-1, common) }
            return (bytes[start + common] < pattern[common] ? -1 : 1, common)
        }
    }

    /// The first rank whose suffix does not come before the pattern; where `after`, the first that comes after all that
    /// begin with it.
    func bound(_ pattern: UnsafeRawBufferPointer, after: Bool, in ranks: Range<Int>) throws(ProvenanceError) -> Int {
        var (low, high) = (ranks.lowerBound, ranks.upperBound)
        while low < high {
            let middle = (low + high) / 2
            let order = compare(pattern, try place(middle)).order
            if order < 0 || after && order == 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The ranks of all suffixes that begin with these symbols.
    ///
    /// - Parameter pattern: whole symbols, at most `ProvenanceLimits.patternBytesMax` bytes of them.
    package func ranks(of pattern: ArraySlice<UInt8>) throws(ProvenanceError) -> Range<Int> {
        precondition(pattern.count <= ProvenanceLimits.patternBytesMax, "patterns are as long as suffixes are sorted")
        return try pattern.withTypedBytes { (bytes) throws(ProvenanceError) -> Range<Int> in
            let low = try bound(bytes, after: false, in: 0..<manifest.suffixes)
            return low..<(try bound(bytes, after: true, in: low..<manifest.suffixes))
        }
    }

    /// How often the corpus has a text. In an index of tokens: as the tokenizer divides the text standing alone.
    package func count(of text: String) throws(ProvenanceError) -> Int {
        let pattern = coding.encode(text)
        guard !pattern.isEmpty, pattern.count <= ProvenanceLimits.patternBytesMax else {
            throw .pattern(
                text: String(text.prefix(40)),
                reason: "it has \(pattern.count / coding.symbolBytes) symbols, not 1 to "
                    + "\(ProvenanceLimits.patternBytesMax / coding.symbolBytes)")
        }
        return try ranks(of: pattern[...]).count
    }
}

extension ArraySlice<UInt8> {
    /// As `withUnsafeBytes`, which does not keep the type of errors.
    func withTypedBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try withUnsafeBytes { bytes in Result { () throws(E) -> R in try body(bytes) } }.get()
    }
}
