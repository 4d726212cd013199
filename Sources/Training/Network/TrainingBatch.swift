/// Rows of packed documents.
///
///     row 0:   tokens     a b c d | e f g      two documents
///              targets    b c d ? | f g -      the next token; -1 teaches nothing
///              documents  0 0 0 0 | 4 4 4      where the position's document begins in its row
///
/// Attention never looks before the beginning of a document, and positions count from it.
package struct TrainingBatch: Sendable, Equatable {
    package var rows: Int
    /// Tokens of one row.
    package var sequence: Int
    /// rows * sequence ids.
    package var tokens: [Int32]
    /// rows * sequence ids, -1 where nothing is to be learnt.
    package var targets: [Int32]
    /// rows * sequence positions within the row: rising, never above their own.
    package var documents: [Int32]

    package init(rows: Int, sequence: Int, tokens: [Int32], targets: [Int32], documents: [Int32]) {
        self.rows = rows
        self.sequence = sequence
        self.tokens = tokens
        self.targets = targets
        self.documents = documents
    }

    package var targetCount: Int { targets.count { $0 >= 0 } }

    /// What is wrong with it for a vocabulary of this size; nil when it may be computed.
    package func flaw(vocabularySize: Int) -> String? {
        guard rows > 0, sequence > 0 else { return "\(rows) rows of \(sequence) tokens" }
        let count = rows * sequence
        guard tokens.count == count, targets.count == count, documents.count == count else {
            return "\(tokens.count) tokens, \(targets.count) targets, \(documents.count) documents for \(count)"
        }
        for (index, token) in tokens.enumerated() where token < 0 || Int(token) >= vocabularySize {
            return "token \(token) at \(index) of a vocabulary of \(vocabularySize)"
        }
        for (index, target) in targets.enumerated() where target < -1 || Int(target) >= vocabularySize {
            return "target \(target) at \(index) of a vocabulary of \(vocabularySize)"
        }
        for (index, first) in documents.enumerated() {
            let position = index % sequence
            let earlier = position == 0 ? 0 : documents[index - 1]
            if first < earlier || Int(first) > position { return "document \(first) at position \(position)" }
        }
        return nil
    }
}
