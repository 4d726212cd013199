import Evaluation

/// 1 for an answer whose length lies within bounds; below and above the reward falls in a line, to 0 at nothing and at
/// twice the most.
struct LengthReward: Reward {
    enum Unit: String, CaseIterable {
        case characters
        /// A Han character is one.
        case words
    }

    let range: ClosedRange<Int>
    var unit = Unit.words
    let best = 1.0

    func value(of answer: JudgedAnswer) -> Double? {
        let length = unit == .words ? AnswerRule.wordCount(answer.text) : answer.text.count
        if length < range.lowerBound { return Double(length) / Double(range.lowerBound) }
        if length <= range.upperBound { return 1 }
        return max(0, 2 - Double(length) / Double(max(1, range.upperBound)))
    }
}
