import Kernels

/// What the matrices of an exported file are stored as. Named as llama-quantize names its kinds of files.
package enum ExportType: String, CaseIterable, Sendable {
    case f32 = "F32"
    case bf16 = "BF16"
    case f16 = "F16"
    case q8_0 = "Q8_0"
    case q6_K = "Q6_K"
    case q5_K = "Q5_K"
    case q5_1 = "Q5_1"
    case q5_0 = "Q5_0"
    case q4_K = "Q4_K"
    case q4_1 = "Q4_1"
    case q4_0 = "Q4_0"

    /// The type of a name, in any case.
    package init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.rawValue == name.uppercased() }) else { return nil }
        self = match
    }

    package var element: ElementType {
        switch self {
        case .f32: .f32
        case .bf16: .bf16
        case .f16: .f16
        case .q8_0: .q8_0
        case .q6_K: .q6_K
        case .q5_K: .q5_K
        case .q5_1: .q5_1
        case .q5_0: .q5_0
        case .q4_K: .q4_K
        case .q4_1: .q4_1
        case .q4_0: .q4_0
        }
    }

    /// The value of `general.file_type`.
    var fileType: UInt32 {
        switch self {
        case .f32: 0
        case .f16: 1
        case .q4_0: 2
        case .q4_1: 3
        case .q8_0: 7
        case .q5_0: 8
        case .q5_1: 9
        case .q4_K: 15
        case .q5_K: 17
        case .q6_K: 18
        case .bf16: 32
        }
    }
}
