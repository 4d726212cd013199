import Kernels

/// ggml's tensor types by number, for the message about one that is not supported.
enum GGUFTypeNames {
    private static let unsupported: [UInt32: String] = [
        4: "Q4_2", 5: "Q4_3", 9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
        21: "IQ3_S", 22: "IQ2_S", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M",
        31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8", 34: "TQ1_0", 35: "TQ2_0", 36: "IQ4_NL_4_4",
        37: "IQ4_NL_4_8", 38: "IQ4_NL_8_8", 39: "MXFP4", 40: "NVFP4",
    ]

    static func name(_ number: UInt32) -> String {
        unsupported[number].map { "\($0) (type \(number))" } ?? "type \(number)"
    }

    static var supported: String { ElementType.allCases.map(\.name).joined(separator: ", ") }
}
