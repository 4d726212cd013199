import Corpus
import Crypto
import Foundation
import Instructions
import Tokens
import Weights

/// Rendered examples as a shard of tokens: a run goes on with what it began with, whatever becomes of the data, the
/// template and the code that renders.
///
///     tokens.bin    u32 each: the id, and bit 31 where the token is read and not learnt
///     labels.bin    u8 each: ExampleLabel; only where examples are labelled
struct ExampleShard {
    let examples: [RenderedExample]
    let labels: [ExampleLabel]?
    let tokenizer: Tokenizer
    /// Of the model: perhaps more than the tokenizer has.
    let vocabularySize: Int

    static let unlearntBit: UInt32 = 1 << 31

    init(_ content: LabelledExamples, tokenizer: Tokenizer, vocabularySize: Int) {
        (examples, labels) = (content.examples, content.labels)
        self.tokenizer = tokenizer
        self.vocabularySize = vocabularySize
    }

    /// Writes the shard into a folder and opens it.
    ///
    /// - Parameters:
    ///   - hash: of what the ids mean: the tokenizer's.
    ///   - folder: the run's; the shard gets one of its own in it.
    func write(hash: String, to folder: String) throws(TrainingError) -> TokenShard {
        let content = Self.hash(examples)
        var files = [SourceManifest.File(name: "examples", bytes: content.bytes, sha256: content.sha256)]
        if let labels {
            files.append(.init(name: "labels", bytes: labels.count, sha256: Files.sha256(labels.map(\.rawValue))))
        }
        let manifest = SourceManifest(files: files)
        let key = TokenShardManifest.key(tokenizer: hash, source: manifest.hash)
        let place = "\(folder)/\(key)"
        if let shard = try? TokenShard(folder: place, key: key) { return shard }
        let partial = "\(folder)/.\(key)"
        Files.remove(partial)
        try Files.makeFolder(partial)
        try build(manifest, hash, in: partial)
        Files.remove(place)
        try Files.move(partial, to: place)
        return try TokenShard(folder: place, key: key)
    }

    private func build(
        _ manifest: SourceManifest, _ hash: String, in folder: String
    ) throws(TrainingError) {
        let tokensFile = try Files.output("\(folder)/\(TokenShard.tokensName)")
        let documentsFile = try Files.output("\(folder)/\(TokenShard.documentsName)")
        var (tokens, bytes) = (0, 0)
        for example in examples {
            var document = facts(example)
            document.offset = tokens
            try Files.writing { () throws(WeightsError) in
                try tokensFile.write(Self.bytes(example))
                try documentsFile.write(document.record)
            }
            tokens += example.tokens.count
            bytes += document.bytes
        }
        var sums = [
            TokenShard.tokensName: FileSum(try Files.writing(tokensFile.finish)),
            TokenShard.documentsName: FileSum(try Files.writing(documentsFile.finish)),
        ]
        if let labels {
            let file = try Files.output("\(folder)/\(TokenShard.labelsName)")
            try Files.writing { () throws(WeightsError) in try file.write(labels.map(\.rawValue)) }
            sums[TokenShard.labelsName] = FileSum(try Files.writing(file.finish))
        }
        let shard = TokenShardManifest(
            tokenizer: hash, source: manifest, tokenBytes: 4, vocabularySize: vocabularySize, tokens: tokens,
            documents: examples.count, textBytes: bytes, brokenLines: 0,
            files: sums)
        try Files.replace("\(folder)/\(TokenShard.manifestName)", withJSON: shard)
    }

    /// Its language is that of what is learnt; so many bytes do the targets stand for.
    private func facts(_ example: RenderedExample) -> TokenDocument {
        var (text, all): ([UInt8], Int) = ([], 0)
        for (token, isTarget) in zip(example.tokens, example.isTarget) {
            let bytes = tokenizer.bytes(of: token)
            all += bytes.count
            if isTarget { text += bytes }
        }
        let hash = SHA256.hash(data: Self.bytes(example)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return TokenDocument(
            offset: 0, hash: hash, tokens: example.tokens.count, scoredBytes: text.count,
            language: TextLanguage(of: String(decoding: text, as: UTF8.self)), bytes: all)
    }

    private static func bytes(_ example: RenderedExample) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(example.tokens.count * 4)
        for (token, isTarget) in zip(example.tokens, example.isTarget) {
            let word = UInt32(bitPattern: token) | (isTarget ? 0 : unlearntBit)
            withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
        }
        return bytes
    }

    private static func hash(_ examples: [RenderedExample]) -> (bytes: Int, sha256: String) {
        var (hash, count) = (SHA256(), 0)
        for example in examples {
            let bytes = bytes(example)
            hash.update(data: withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) } + bytes)
            count += bytes.count
        }
        return (count, hash.finalize().hex)
    }
}
