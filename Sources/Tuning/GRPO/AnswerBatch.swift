import Training

/// Prompts and their answers packed into rows, which do not see each other.
package struct AnswerBatch {
    package struct Item {
        /// Which answer, counted over all groups.
        package var answer: Int
        package var prompt: [Int32]
        package var tokens: [Int32]

        package init(answer: Int, prompt: [Int32], tokens: [Int32]) {
            (self.answer, self.prompt, self.tokens) = (answer, prompt, tokens)
        }

        /// Positions of a row that it takes: its last token is a target only.
        package var count: Int { prompt.count + tokens.count - 1 }
    }

    /// Where an answer's tokens are targets.
    package struct Part {
        package var answer: Int
        /// row * sequence + position, as many as the answer has tokens.
        package var positions: Range<Int>
    }

    package private(set) var batch: TrainingBatch
    package private(set) var parts: [Part] = []

    private init(rows: Int, sequence: Int) {
        batch = TrainingBatch(
            rows: rows, sequence: sequence, tokens: Array(repeating: 0, count: rows * sequence),
            targets: Array(repeating: -1, count: rows * sequence),
            documents: (0..<rows * sequence).map { Int32($0 % sequence) })
    }

    /// Longest first, each to the first row that has room; batches of `rows` rows, the last of as many as it needs.
    ///
    /// - Precondition: every item fits a row.
    package static func pack(_ items: [Item], rows: Int, sequence: Int) -> [AnswerBatch] {
        var contents: [(items: [Item], filled: Int)] = []
        for item in items.sorted(by: { ($1.count, $0.answer) < ($0.count, $1.answer) }) {
            precondition(item.count <= sequence, "\(item.count) positions in rows of \(sequence)")
            if let row = contents.firstIndex(where: { $0.filled + item.count <= sequence }) {
                contents[row].items.append(item)
                contents[row].filled += item.count
            } else {
                contents.append(([item], item.count))
            }
        }
        return stride(from: 0, to: contents.count, by: rows).map { first in
            let chosen = contents[first..<min(contents.count, first + rows)]
            var batch = AnswerBatch(rows: chosen.count, sequence: sequence)
            for (row, content) in chosen.enumerated() {
                var start = row * sequence
                for item in content.items {
                    batch.place(item, at: start, row: row)
                    start += item.count
                }
            }
            return batch
        }
    }

    private mutating func place(_ item: Item, at start: Int, row: Int) {
        let all = item.prompt + item.tokens
        for place in 0..<item.count {
            batch.tokens[start + place] = all[place]
            batch.documents[start + place] = Int32(start - row * batch.sequence)
            if place + 1 >= item.prompt.count { batch.targets[start + place] = all[place + 1] }
        }
        let first = start + item.prompt.count - 1
        parts.append(Part(answer: item.answer, positions: first..<first + item.tokens.count))
    }
}
