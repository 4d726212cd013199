import Foundation
import JSON

/// What a renderer's results depend on beside template, tokenizer and example.
package struct RenderingOptions: Sendable {
    /// Which answers of a conversation are taught.
    package enum Answers: String, Sendable, CaseIterable { case every, last }

    package var answers: Answers
    /// Further variables of the template: what requests will ask with (`enable_thinking`).
    package var variables: [String: JSONValue]
    /// What templates take for the present. Some write the date into the prompt, so a run that goes on must keep it.
    package var now: Date

    package init(answers: Answers = .every, variables: [String: JSONValue] = [:], now: Date) {
        self.answers = answers
        self.variables = variables
        self.now = now
    }
}
