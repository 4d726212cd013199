import Corpus
import Kernels
import Weights

/// Turns the documents of a source into a shard: blocks of documents are read, tokenised on all threads and written in
/// their order, so that the shard is the same however many threads there are.
struct TokenShardBuilder {
    let source: TextSource
    let manifest: SourceManifest
    let tokenizer: TrainingTokenizer
    let pool: WorkerPool

    /// Text of one block: enough for all threads, little beside the rest.
    private static let blockBytes = 8 << 20
    private static let blockDocumentsMax = 1 << 14

    private struct Counts {
        var tokens = 0
        var documents = 0
        var textBytes = 0
    }

    /// Writes the shard's files and its manifest into a folder that exists.
    func build(in folder: String, progress: (TokenizingProgress) throws(TrainingError) -> Void) throws(TrainingError) {
        let tokenBytes = tokenizer.tokenizer.vocabularySize <= 1 << 16 ? 2 : 4
        let tokensFile = try Files.output("\(folder)/\(TokenShard.tokensName)")
        let documentsFile = try Files.output("\(folder)/\(TokenShard.documentsName)")
        var reader = source.reader()
        var counts = Counts()
        while true {
            let block = try readBlock(&reader)
            guard !block.isEmpty else { break }
            var (tokenRecords, documentRecords): ([UInt8], [UInt8]) = ([], [])
            for (tokens, facts) in encode(block) where tokens.count > 1 {
                var document = facts
                document.offset = counts.tokens
                tokenRecords += Self.bytes(tokens, each: tokenBytes)
                documentRecords += document.record
                counts.tokens += tokens.count
                counts.documents += 1
                counts.textBytes += document.bytes
            }
            try Files.writing { () throws(WeightsError) in
                try tokensFile.write(tokenRecords)
                try documentsFile.write(documentRecords)
            }
            try progress(
                TokenizingProgress(
                    path: source.path, bytesRead: reader.bytesRead,
                    bytesTotal: manifest.files.reduce(0) { $0 + $1.bytes },
                    textBytes: counts.textBytes, documents: counts.documents, tokens: counts.tokens))
        }
        let shard = TokenShardManifest(
            tokenizer: tokenizer.hash, source: manifest, tokenBytes: tokenBytes,
            vocabularySize: tokenizer.tokenizer.vocabularySize, tokens: counts.tokens, documents: counts.documents,
            textBytes: counts.textBytes, brokenLines: reader.brokenLines,
            files: [
                TokenShard.tokensName: FileSum(try Files.writing(tokensFile.finish)),
                TokenShard.documentsName: FileSum(try Files.writing(documentsFile.finish)),
            ])
        try Files.replace("\(folder)/\(TokenShard.manifestName)", withJSON: shard)
    }

    private func readBlock(_ reader: inout DocumentReader) throws(TrainingError) -> [Document] {
        var block: [Document] = []
        var bytes = 0
        do {
            while bytes < Self.blockBytes, block.count < Self.blockDocumentsMax, let document = try reader.next() {
                bytes += document.text.utf8.count
                block.append(document)
            }
        } catch {
            throw .corpus(error)
        }
        return block
    }

    private func encode(_ block: [Document]) -> [(tokens: [Int32], facts: TokenDocument)] {
        let nothing = TokenDocument(offset: 0, hash: 0, tokens: 0, scoredBytes: 0, language: .english, bytes: 0)
        var results = Array(repeating: (tokens: [Int32](), facts: nothing), count: block.count)
        results.withUnsafeMutableBufferPointer { results in
            pool.forEach(count: block.count) { index, _ in results[index] = tokenizer.encode(block[index]) }
        }
        return results
    }

    private static func bytes(_ tokens: [Int32], each: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: tokens.count * each) { buffer, used in
            for (index, token) in tokens.enumerated() {
                for byte in 0..<each {
                    buffer[index * each + byte] = UInt8(truncatingIfNeeded: token >> Int32(8 * byte))
                }
            }
            used = tokens.count * each
        }
    }
}
