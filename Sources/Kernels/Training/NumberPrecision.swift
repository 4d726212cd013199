/// What products and activations are computed in. Parameters, their gradients, the residual stream and every sum
/// are fp32 in both.
package enum NumberPrecision: String, Sendable, CaseIterable {
    case fp32
    /// Factors of products rounded to bf16 (8 bits of mantissa), sums in fp32.
    case bf16

    package var bytes: Int { self == .bf16 ? 2 : 4 }
    /// Elements of a unit, the 32 bits that a product takes at once.
    var unitElements: Int { self == .bf16 ? 2 : 1 }
    var isBFloat: Bool { self == .bf16 }
}
