/// One question with what is needed to judge the answer.
package struct EvaluationItem: Sendable {
    package enum Work: Sendable {
        /// Which of several texts the model finds most probable after the context.
        ///
        /// The delimiter stands between the two and is counted as part of the choice, but not of its length.
        case choice(context: String, delimiter: String, choices: [String], answer: Int)
        /// How much information a text holds.
        case bits(text: String)
        /// What the model writes, and whether it is right.
        case generation(Prompt, tokensMax: Int, stops: [String], check: AnswerCheck)
    }

    /// Names the item within its task; the same item has the same id in every evaluation.
    package var id: String
    /// A subject or a language, for which a score of its own is shown.
    package var group: String
    package var work: Work

    package init(id: String, group: String = "", work: Work) {
        self.id = id
        self.group = group
        self.work = work
    }

    /// The share that guessing gets right.
    var chance: Double? {
        switch work {
        case .choice(_, _, let choices, _): 1 / Double(max(1, choices.count))
        case .bits, .generation: nil
        }
    }

    /// All that decides the score of an answer, for the hash of a task.
    var text: String {
        switch work {
        case .choice(let context, let delimiter, let choices, let answer):
            ([id, context, delimiter] + choices + ["\(answer)"]).joined(separator: "\u{1F}")
        case .bits(let text): "\(id)\u{1F}\(text)"
        case .generation(let prompt, let tokensMax, let stops, let check):
            "\(id)\u{1F}\(prompt)\u{1F}\(tokensMax)\u{1F}\(stops)\u{1F}\(check)"
        }
    }
}
