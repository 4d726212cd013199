import CKernels

/// Which variant of training's C kernels runs.
package enum TrainingKernels {
    package enum Variant: Int32, CaseIterable, Sendable {
        case plain = 0
        case avx2 = 1
        case avx512 = 2
        case avx512BFloat = 3

        /// Whether this processor can run it.
        package var isSupported: Bool { dk_training_variant(rawValue) != nil }
    }

    /// `"plain"`, `"avx2"`, `"avx512"` or `"avx512bf16"`.
    package static var variantName: String { String(cString: table.pointee.name) }

    /// Whether this processor multiplies bf16 itself: where it does not, fp32 is as fast and more exact.
    package static var multipliesBFloat: Bool { variantName == "avx512bf16" }

    /// Makes `variant` the one in use, for tests and benchmarks; false when this processor lacks it.
    /// Panels are the same for all variants. Not while kernels run.
    package static func select(_ variant: Variant) -> Bool { dk_training_select(variant.rawValue) }

    /// Operations a second that this machine does at best with the pool's threads, products and sums counted apart.
    package static func peak(_ precision: NumberPrecision, on pool: WorkerPool) -> Double {
        let rounds: Int64 = 2_000_000
        var operations: Int64 = 0
        let clock = ContinuousClock()
        let seconds = (0..<3).map { _ in
            clock.measure {
                pool.run { worker, _ in
                    var sink: Float = 0
                    let count =
                        precision == .bf16
                        ? table.pointee.peak_bfloats(rounds, &sink) : Kernels.table.pointee.peak_floats(rounds, &sink)
                    if worker == 0 { operations = count }
                }
            } / .seconds(1)
        }.min()
        return Double(operations) * Double(pool.threads) / (seconds ?? .infinity)
    }

    static var table: UnsafePointer<dk_training_kernels> { dk_training_current() }
}
