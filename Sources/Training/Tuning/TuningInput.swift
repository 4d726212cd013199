import Instructions
import Tokens

/// What a tuning run learns from, made ready by who reads data: the run keeps its own copy.
package struct TuningInput: Sendable {
    package var examples: LabelledExamples
    /// The base model's.
    package var tokenizer: Tokenizer
    /// The chat template's source.
    package var template: String
    /// The data as it was named.
    package var path: String

    package init(examples: LabelledExamples, tokenizer: Tokenizer, template: String, path: String) {
        self.examples = examples
        self.tokenizer = tokenizer
        self.template = template
        self.path = path
    }
}
