import Instructions

/// Rendered examples and what each is, groups of them side by side.
///
///     pairs        chosen 0, rejected 0, chosen 1, rejected 1 …
///     judgements   good 0, mismatched 0, bad 1, mismatched 1 …
package struct LabelledExamples: Sendable {
    /// In the order of the data; each has a target and fits a row.
    package let examples: [RenderedExample]
    /// One each; nil where all are demonstrations.
    package let labels: [ExampleLabel]?

    package init(demonstrations: [RenderedExample]) {
        examples = demonstrations
        labels = nil
    }

    package init(pairs: [(chosen: RenderedExample, rejected: RenderedExample)]) {
        examples = pairs.flatMap { [$0.chosen, $0.rejected] }
        labels = pairs.flatMap { _ in [.chosen, .rejected] }
    }

    /// Pairs whose answers are scored; those of which nothing is left within `tokensMax` tokens are left out.
    package init(scored pairs: [(chosen: RenderedExample, rejected: RenderedExample)], tokensMax: Int) {
        self.init(
            pairs: pairs.compactMap { pair in
                guard let chosen = pair.chosen.scored(tokensMax: tokensMax),
                    let rejected = pair.rejected.scored(tokensMax: tokensMax)
                else { return nil }
                return (chosen, rejected)
            })
    }

    /// - Parameter tokensMax: of an example.
    package init(judgements: [(answer: RenderedExample, isGood: Bool)], tokensMax: Int) {
        var (examples, labels): ([RenderedExample], [ExampleLabel]) = ([], [])
        for (index, judgement) in judgements.enumerated() {
            examples.append(judgement.answer)
            labels.append(judgement.isGood ? .good : .bad)
            // What another question was answered: how far the model is from its start where nobody judged it.
            let other = judgements[(index + 1) % judgements.count].answer
            guard let mismatch = judgement.answer.answered(as: other).cut(tokensMax: tokensMax) else { continue }
            examples.append(mismatch)
            labels.append(.mismatched)
        }
        self.examples = examples
        self.labels = labels
    }

    package var tokens: Int { examples.reduce(0) { $0 + $1.tokens.count } }

    /// Pairs, judged answers or demonstrations.
    package var groups: Int { labels?.count { $0.beginsGroup } ?? examples.count }
}

/// What an example is to the others of its group: a byte of a shard's `labels.bin`.
package enum ExampleLabel: UInt8, Sendable {
    case chosen = 1
    case rejected = 2
    case good = 3
    case bad = 4
    /// The answer to another question.
    case mismatched = 5

    var beginsGroup: Bool { self == .chosen || self == .good || self == .bad }
}

extension RenderedExample {
    /// This example's question with another's answer.
    fileprivate func answered(as other: RenderedExample) -> RenderedExample {
        let question = isTarget.firstIndex(of: true) ?? tokens.count
        let answer = other.isTarget.firstIndex(of: true) ?? 0
        return RenderedExample(
            tokens: Array(tokens[..<question]) + other.tokens[answer...],
            isTarget: Array(isTarget[..<question]) + other.isTarget[answer...], source: source)
    }
}
