import Kernels

/// logit[token] += bias, before all else.
package enum LogitBias {
    /// - Precondition: the tokens are in the vocabulary.
    package static func apply(_ bias: [Int32: Float], to logits: UnsafeMutableBufferPointer<Float>) {
        for (token, value) in bias { logits[Int(token)] += value }
    }
}
