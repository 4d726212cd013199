import CKernels

/// Which variant of the C kernels runs.
public enum Kernels {
    public enum Variant: Int32, CaseIterable, Sendable {
        case plain = 0
        case avx2 = 1
        case avx512 = 2
        case neon = 3
        case dotprod = 4

        /// Whether this processor can run it.
        public var isSupported: Bool { dk_variant(rawValue) != nil }

        /// Nil when this processor cannot run it.
        public var name: String? { dk_variant(rawValue).map { String(cString: $0.pointee.name) } }
    }

    /// The variants that this processor can run.
    public static var supported: [Variant] { Variant.allCases.filter(\.isSupported) }

    /// The name of the variant in use: `"plain"`, `"avx2"`, `"avx512vnni"`, `"neon"` or `"dotprod"`.
    public static var variantName: String { String(cString: current.name) }

    /// Makes `variant` the one in use, for tests and benchmarks; false when this processor lacks it.
    /// Packed weights are the same for all variants. Not while kernels run.
    package static func select(_ variant: Variant) -> Bool { dk_select(variant.rawValue) }

    static var current: dk_kernels { dk_current().pointee }

    /// The same without a copy, for calls of which there are many.
    static var table: UnsafePointer<dk_kernels> { dk_current() }
}
