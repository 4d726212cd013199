import CKernels

/// How the numbers of a tensor are stored. Raw values are ggml's, so a GGUF file's type field converts directly.
///
/// The quantised layouts are drawn in CKernels' `formats.h`.
public enum ElementType: UInt32, CaseIterable, Sendable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case iq4_nl = 20
    case iq4_xs = 23
    case bf16 = 30

    /// As ggml prints it: `"Q4_K"`, `"IQ4_NL"`, `"F32"`.
    public var name: String {
        switch self {
        case .f32: "F32"
        case .f16: "F16"
        case .q4_0: "Q4_0"
        case .q4_1: "Q4_1"
        case .q5_0: "Q5_0"
        case .q5_1: "Q5_1"
        case .q8_0: "Q8_0"
        case .q2_K: "Q2_K"
        case .q3_K: "Q3_K"
        case .q4_K: "Q4_K"
        case .q5_K: "Q5_K"
        case .q6_K: "Q6_K"
        case .iq4_nl: "IQ4_NL"
        case .iq4_xs: "IQ4_XS"
        case .bf16: "BF16"
        }
    }

    /// The type of a name, in any case.
    public init?(name: String) {
        let wanted = name.uppercased()
        guard let match = Self.allCases.first(where: { $0.name == wanted }) else { return nil }
        self = match
    }

    /// Elements of one block: 1 for floats, 32 or 256 for quantised types. A row is a whole number of blocks.
    public var blockElements: Int { Int(dk_block_elements(rawValue)) }

    /// Bytes of one block.
    public var blockBytes: Int { Int(dk_block_bytes(rawValue)) }

    /// True for F32, F16 and BF16, whose products are computed in float; others quantise the activations.
    public var isFloat: Bool { blockElements == 1 }

    /// Bytes of `elements` elements.
    ///
    /// - Precondition: `elements` is a non-negative multiple of `blockElements` small enough not to overflow
    ///   (what comes from a file is checked with `bytesIfValid` first).
    public func bytes(elements: Int) -> Int {
        guard let bytes = bytesIfValid(elements: elements) else {
            preconditionFailure("\(elements) elements are no whole number of \(name) blocks")
        }
        return bytes
    }

    /// Bytes of `elements` elements, or nil when that is negative, no whole number of blocks, or overflows.
    public func bytesIfValid(elements: Int) -> Int? {
        guard elements >= 0, elements % blockElements == 0 else { return nil }
        let (bytes, overflow) = (elements / blockElements).multipliedReportingOverflow(by: blockBytes)
        return overflow ? nil : bytes
    }
}
