import JSON

/// What an answer is worth, as a program finds without understanding it.
///
///     let reward: any Reward = NumberReward(answer: 42)
///     try reward.value(of: JudgedAnswer(prompt: messages, text: "6 x 7 = 42"))     // 1
///
/// The same answer has the same value always: training that is resumed must judge as it did. Used from any thread.
package protocol Reward: Sendable {
    /// The most that an answer can get: what counts as a right answer.
    var best: Double { get }

    /// - Returns: nil when nothing could be found out about this answer.
    /// - Throws: `TuningError` when no answer can be judged.
    func value(of answer: JudgedAnswer) throws(TuningError) -> Double?
}

/// What a model wrote, and after what.
package struct JudgedAnswer: Sendable {
    /// The conversation, as in the data.
    package var prompt: JSONValue
    /// Without the token that ends it.
    package var text: String

    package init(prompt: JSONValue, text: String) {
        self.prompt = prompt
        self.text = text
    }
}
