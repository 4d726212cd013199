import Tokens

/// Whether two models mean the same by their tokens: only then can one be told another's probabilities.
package enum VocabularyComparison {
    /// The first difference; nil when there is none.
    ///
    /// - Parameters:
    ///   - sizes: of the models: their tables may be longer than the tokenizers, with rows that nothing uses.
    package static func difference(teacher: Tokenizer, student: Tokenizer) -> String? {
        let (theirs, own) = (teacher.vocabularySize, student.vocabularySize)
        for id in 0..<Int32(min(theirs, own)) {
            let (a, b) = (teacher.bytes(of: id, special: true), student.bytes(of: id, special: true))
            if a != b { return "token \(id) is \(spelt(a)) for the teacher and \(spelt(b)) for the student" }
        }
        return theirs == own ? nil : "the teacher has \(theirs) tokens and the student \(own)"
    }

    private static func spelt(_ bytes: [UInt8]) -> String {
        "\"\(String(decoding: bytes.prefix(40), as: UTF8.self))\""
    }
}
