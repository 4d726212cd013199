import Foundation
import JSON

/// What the predictions of a text come to.
package struct PerplexityScore: Sendable, Equatable {
    /// Tokens that were read, BOS included.
    package var tokens = 0
    /// Tokens that were predicted: all but the first of each window.
    package var scored = 0
    /// Bytes of text that the predicted tokens stand for.
    package var bytes = 0
    /// Nats, summed.
    package var total = 0.0

    package init() {}

    /// Mean negative log-likelihood of a token, in nats.
    package var nll: Double { scored > 0 ? total / Double(scored) : 0 }
    package var perplexity: Double { exp(nll) }
    package var bitsPerByte: Double { bytes > 0 ? total / log(2) / Double(bytes) : 0 }

    package var json: JSONValue {
        [
            "tokens": .int(tokens), "scored": .int(scored), "perplexity": .double(perplexity), "nll": .double(nll),
            "bits_per_byte": .double(bitsPerByte),
        ]
    }
}
