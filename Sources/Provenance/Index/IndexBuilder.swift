import Corpus
import Foundation
import JSON
import Kernels
import Sorting
import Tokens

/// Makes an index of a corpus on disk, with bounded memory.
///
///     let builder = try IndexBuilder(output: "index", tokenizerFolder: "runs/a/tokenizer", overwrite: false)
///     let manifest = try builder.build(TextSource(path: "corpus"), on: pool, memoryBytesMax: 512 << 20)
///
/// All is written into a folder beside, whose name ends in `.part`, which gets its name at the end: what is killed
/// leaves no index.
package struct IndexBuilder {
    package enum Progress: Sendable {
        /// Bytes of the files that were read.
        case reading(bytes: Int)
        /// The share of suffixes that is sorted.
        case sorting(share: Double)
    }

    private let output: String
    private let folder: String
    private let coding: SymbolCoding
    private let tokenizerFolder: String?
    private let limits: ProvenanceLimits

    /// Texts that are encoded at once.
    private static let blockBytes = 8 << 20
    private static let blockDocumentsMax = 4096

    /// - Parameters:
    ///   - tokenizerFolder: holds tokenizer.json; nil for an index of bytes.
    ///   - overwrite: whether an index that is there is replaced.
    package init(
        output: String, tokenizerFolder: String?, overwrite: Bool, limits: ProvenanceLimits = ProvenanceLimits()
    ) throws(ProvenanceError) {
        let manager = FileManager.default
        let isIndex = manager.fileExists(atPath: "\(output)/\(IndexManifest.name)")
        guard !manager.fileExists(atPath: output) || overwrite && isIndex else { throw .exists(path: output) }
        self.output = output
        folder = output + ".part"
        self.tokenizerFolder = tokenizerFolder
        self.limits = limits
        coding = SymbolCoding(
            tokenizer: try tokenizerFolder.map { (path) throws(ProvenanceError) in
                try IndexTokenizer.read(path)
            })
    }

    /// Documents of `.jsonl` files belong to the source that their member `source` names, others to their file.
    package func build(
        _ source: TextSource, on pool: WorkerPool, memoryBytesMax: Int,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) throws(ProvenanceError) -> IndexManifest {
        do {
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .file(operation: "make the folder", path: folder, reason: error.localizedDescription)
        }
        do throws(ProvenanceError) {
            var manifest = try writeDocuments(source, on: pool, progress)
            manifest.washing = WashingNote(corpus: source.path)
            manifest.suffixes = try sortSuffixes(manifest, on: pool, memoryBytesMax, progress)
            try finish(manifest)
            return manifest
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private func writeDocuments(
        _ source: TextSource, on pool: WorkerPool, _ progress: (Progress) -> Void
    ) throws(ProvenanceError) -> IndexManifest {
        var writer: DocumentWriter
        do { writer = try DocumentWriter(folder: folder, coding: coding, root: source.path, limits) } catch {
            throw ProvenanceError(error)
        }
        var reader = source.reader()
        while true {
            var block: [Document] = []
            var bytes = 0
            do throws(CorpusError) {
                while bytes < Self.blockBytes, block.count < Self.blockDocumentsMax, let document = try reader.next() {
                    bytes += document.text.utf8.count
                    block.append(document)
                }
            } catch {
                throw .corpus(error)
            }
            if block.isEmpty { break }
            var symbols = Array(repeating: [UInt8](), count: block.count)
            symbols.withUnsafeMutableBufferPointer { symbols in
                pool.forEach(count: block.count) { index, _ in symbols[index] = coding.encode(block[index].text) }
            }
            for (document, symbols) in zip(block, symbols) { try writer.add(document, symbols) }
            progress(.reading(bytes: reader.bytesRead))
        }
        return try writer.finish()
    }

    private func sortSuffixes(
        _ manifest: IndexManifest, on pool: WorkerPool, _ memoryBytesMax: Int,
        _ progress: @Sendable (Progress) -> Void
    ) throws(ProvenanceError) -> Int {
        let path = "\(folder)/\(IndexManifest.symbolsName)"
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch {
            throw .file(operation: "read", path: path, reason: error.description)
        }
        let symbols = file.bytes
        let width = coding.symbolBytes
        let sorter = SuffixSorter(text: symbols, symbolBytes: width, memoryBytesMax: memoryBytesMax)
        do {
            return try sorter.write(
                to: "\(folder)/\(IndexManifest.suffixesName)", on: pool, progress: { progress(.sorting(share: $0)) }
            ) { place in
                // What ends a document begins nothing.
                switch width {
                case 1: symbols[place] != 0xff
                case 2: symbols.load(at: place * 2, as: UInt16.self) != .max
                default: symbols.load(at: place * 4, as: UInt32.self) != .max
                }
            }
        } catch {
            throw ProvenanceError(error)
        }
    }

    private func finish(_ manifest: IndexManifest) throws(ProvenanceError) {
        if let tokenizerFolder { try IndexTokenizer.copy(from: tokenizerFolder, to: folder) }
        do throws(SortingError) {
            let file = try WholeFile(path: "\(folder)/\(IndexManifest.name)")
            try file.write(Array(manifest.json.serialized().utf8))
            try file.finish()
        } catch {
            throw ProvenanceError(error)
        }
        // Only an index was let through here; it goes once the new one is whole.
        try? FileManager.default.removeItem(atPath: output)
        guard rename(folder, output) == 0 else {
            throw .file(operation: "write", path: output, reason: String(cString: strerror(errno)))
        }
    }
}
