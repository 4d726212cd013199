import Kernels

/// The documents of one source as token ids, mapped from files that were made once.
///
///     <key>/manifest.json     TokenShardManifest
///           tokens.bin        all documents' tokens, one after another: u16 or u32, little-endian
///           documents.bin     a TokenDocument each
///           labels.bin        u8 each: an ExampleLabel; where examples are labelled
package struct TokenShard: Sendable {
    let manifest: TokenShardManifest
    /// The folder's name.
    package let key: String
    private let tokens: ByteView
    private let documents: ByteView
    private let labels: ByteView?

    static let tokensName = "tokens.bin"
    static let documentsName = "documents.bin"
    static let labelsName = "labels.bin"
    static let manifestName = "manifest.json"

    /// Opens a shard and verifies it, hashes included.
    ///
    /// - Throws: `TrainingError.damaged` when it is not what was written.
    init(folder: String, key: String) throws(TrainingError) {
        self.key = key
        manifest = try Files.read(TokenShardManifest.self, from: "\(folder)/\(Self.manifestName)")
        guard manifest.format == TokenShardManifest.currentFormat else {
            throw .damaged(
                file: folder, expected: "the format \(TokenShardManifest.currentFormat)", actual: manifest.format)
        }
        tokens = try Self.map(folder, Self.tokensName, manifest)
        documents = try Self.map(folder, Self.documentsName, manifest)
        labels = manifest.files[Self.labelsName] == nil ? nil : try Self.map(folder, Self.labelsName, manifest)
        guard [2, 4].contains(manifest.tokenBytes), manifest.documents >= 0, manifest.tokens >= 0,
            labels.map({ $0.count == manifest.documents }) ?? true,
            documents.count
                == manifest.documents.multipliedReportingOverflow(by: TokenDocument.recordBytes).partialValue,
            tokens.count == manifest.tokens.multipliedReportingOverflow(by: manifest.tokenBytes).partialValue
        else {
            throw .damaged(
                file: folder, expected: "\(manifest.documents) documents and \(manifest.tokens) tokens",
                actual: "\(documents.count) and \(tokens.count) bytes")
        }
        for index in 0..<manifest.documents {
            let document = document(index)
            guard document.offset >= 0, document.offset <= manifest.tokens,
                document.tokens <= manifest.tokens - document.offset
            else {
                throw .damaged(
                    file: "\(folder)/\(Self.documentsName)", expected: "documents within \(manifest.tokens) tokens",
                    actual: "document \(index) at \(document.offset)")
            }
        }
    }

    private static func map(
        _ folder: String, _ name: String, _ manifest: TokenShardManifest
    ) throws(TrainingError) -> ByteView {
        let path = "\(folder)/\(name)"
        let sum = try Files.sum(path)
        guard let expected = manifest.files[name], expected == sum else {
            throw .damaged(
                file: path, expected: manifest.files[name].map { "SHA-256 \($0.sha256)" } ?? "a sum in the manifest",
                actual: sum.sha256)
        }
        do { return try MappedFile(path: path).bytes } catch { throw .kernels(error) }
    }

    package var documentCount: Int { manifest.documents }

    package func document(_ index: Int) -> TokenDocument { TokenDocument(record: index, of: documents) }

    /// What an example is in its group; nil where it is a demonstration.
    func label(_ index: Int) -> ExampleLabel? { labels.flatMap { ExampleLabel(rawValue: $0.load(at: index)) } }

    /// One token; a damaged id reads as 0 rather than reach beyond the vocabulary.
    package func token(at place: Int) -> Int32 {
        let id =
            manifest.tokenBytes == 2
            ? Int(tokens.load(at: place * 2, as: UInt16.self))
            : Int(tokens.load(at: place * 4, as: UInt32.self) & ~ExampleShard.unlearntBit)
        return id < manifest.vocabularySize ? Int32(id) : 0
    }

    /// Whether a token is one to be learnt: all are but those that examples mark.
    package func isLearnt(at place: Int) -> Bool {
        manifest.tokenBytes == 2 || tokens.load(at: place * 4, as: UInt32.self) & ExampleShard.unlearntBit == 0
    }
}
