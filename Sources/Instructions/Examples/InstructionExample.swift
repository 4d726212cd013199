import Dialogue
import JSON

/// One example of how a model should answer: the form that every schema becomes.
///
///     {"instruction": "1+1", "output": "2"}                       ─┐
///     {"conversations": [{"from": "human", "value": "1+1"}, …]}   ─┤─>  messages: user "1+1", assistant "2"
///     {"prompt": "1+1", "completion": "2"}                        ─┘    lesson: demonstration
package struct InstructionExample: Sendable, Hashable {
    /// What is to be learnt of the messages.
    package enum Lesson: Sendable, Hashable {
        /// The assistant's messages are how to answer.
        case demonstration
        /// The messages are a prompt; of two continuations one is better.
        case preference(chosen: [Message], rejected: [Message])
        /// The last message is an answer that somebody liked or did not.
        case judgement(isGood: Bool)
        /// The messages are a prompt; an answer is worth what the specification says.
        case task(reward: JSONValue)
    }

    package var messages: [Message]
    package var tools: [Tool]
    package var lesson: Lesson
    /// Places in `messages` of answers that are shown and not taught (`"weight": 0`).
    package var untaught: Set<Int>
    package var source: SourceLine

    package init(
        messages: [Message], tools: [Tool] = [], lesson: Lesson = .demonstration, untaught: Set<Int> = [],
        source: SourceLine
    ) {
        self.messages = messages
        self.tools = tools
        self.lesson = lesson
        self.untaught = untaught
        self.source = source
    }
}
