import Corpus
import Kernels

/// What a shard says of one document.
///
///     ┌──────────┬──────────┬────────┬──────────────┬──────────┬────────┐
///     │ offset   │ hash     │ tokens │ scored bytes │ language │ bytes  │   little-endian, 32 bytes
///     │ u64      │ u64      │ u32    │ u32          │ u32      │ u32    │
///     └──────────┴──────────┴────────┴──────────────┴──────────┴────────┘
package struct TokenDocument: Equatable {
    /// Of its first token in the shard's tokens.
    package var offset: Int
    /// The first 64 bits of the SHA-256 of its text: equal texts are held out together.
    package var hash: UInt64
    package var tokens: Int
    /// Bytes of its text but for those of a first token that nothing predicts.
    package var scoredBytes: Int
    package var language: TextLanguage
    /// Of its text in UTF-8.
    package var bytes: Int

    static let recordBytes = 32

    var record: [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        return bytes(UInt64(offset)) + bytes(hash) + bytes(UInt32(tokens)) + bytes(UInt32(scoredBytes))
            + bytes(language.rawValue) + bytes(UInt32(self.bytes))
    }

    /// - Precondition: the record lies within the view.
    init(record index: Int, of view: ByteView) {
        let start = index * Self.recordBytes
        offset = Int(truncatingIfNeeded: view.load(at: start, as: UInt64.self))
        hash = view.load(at: start + 8)
        tokens = Int(view.load(at: start + 16, as: UInt32.self))
        scoredBytes = Int(view.load(at: start + 20, as: UInt32.self))
        language = TextLanguage(rawValue: view.load(at: start + 24)) ?? .english
        bytes = Int(view.load(at: start + 28, as: UInt32.self))
    }

    init(offset: Int, hash: UInt64, tokens: Int, scoredBytes: Int, language: TextLanguage, bytes: Int) {
        self.offset = offset
        self.hash = hash
        self.tokens = tokens
        self.scoredBytes = scoredBytes
        self.language = language
        self.bytes = bytes
    }
}
