/// Questions of one kind, ready to be asked.
package struct EvaluationTask: Sendable {
    package let name: String
    package let metric: Metric
    package let items: [EvaluationItem]
    /// Examples before each question.
    package let shots: Int
    /// Of all questions as they are asked: two scores are compared only where it is the same.
    package let hash: String

    package init(name: String, metric: Metric, items: [EvaluationItem], shots: Int = 0) {
        self.name = name
        self.metric = metric
        self.items = items
        self.shots = shots
        hash = Hashing.hash("\(metric)\u{1E}" + items.map(\.text).joined(separator: "\u{1E}"))
    }

    /// The mean share that guessing gets right; nil where nothing can be guessed.
    package var chance: Double? {
        let chances = items.compactMap(\.chance)
        return chances.isEmpty ? nil : chances.reduce(0, +) / Double(chances.count)
    }
}

/// What a task's score is.
package enum Metric: String, Codable, Sendable {
    /// The share of items whose right choice is the most probable one.
    case accuracy
    /// Information of a text for the model by its length in UTF-8: lower is better, whatever the tokenizer.
    case bitsPerByte = "bits_per_byte"
    /// The share of answers that are the right one.
    case exactMatch = "exact_match"
    /// The share of programs that pass their tests at the first attempt.
    case passAtOne = "pass_at_1"
    /// The share of answers that follow what was asked of their form.
    case followed
    /// Answers that only a judge can compare.
    case judged

    package var lowerIsBetter: Bool { self == .bitsPerByte }
    /// Whether each item is right or wrong.
    package var isProportion: Bool { self != .bitsPerByte }
}
