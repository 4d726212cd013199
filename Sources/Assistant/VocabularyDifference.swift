import Tokens

/// The first thing in which two vocabularies differ, so that ids of one mean something else in the other.
package struct VocabularyDifference: Equatable, CustomStringConvertible {
    package let description: String

    /// Sizes may differ by padding at the end, which nothing is encoded to.
    private static let paddingTokensMax = 1024

    /// nil when the same ids are the same bytes.
    package init?(_ one: Tokenizer, _ other: Tokenizer) {
        let (count, otherCount) = (one.vocabularySize, other.vocabularySize)
        guard abs(count - otherCount) <= Self.paddingTokensMax else {
            description = "it has \(otherCount) tokens, the model has \(count)"
            return
        }
        for id in 0..<Int32(min(count, otherCount)) {
            let (bytes, otherBytes) = (one.bytes(of: id, special: true), other.bytes(of: id, special: true))
            guard bytes == otherBytes else {
                description =
                    "its token \(id) is \(Self.quoted(otherBytes)), the model's is \(Self.quoted(bytes))"
                return
            }
        }
        return nil
    }

    private static let quotedBytesMax = 40

    private static func quoted(_ bytes: [UInt8]) -> String {
        "\"\(String(decoding: bytes.prefix(quotedBytesMax), as: UTF8.self))\""
    }
}
