/// What products and activations are computed in. Parameters, their gradients, the residual stream and every sum
/// are fp32 in both.
package enum Precision: String, Sendable, CaseIterable {
    case fp32
    /// Factors of products rounded to bf16 (8 bits of mantissa), sums in fp32.
    case bf16
}
