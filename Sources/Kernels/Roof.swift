import CKernels

/// What this machine can do at best with so many threads: the roofs that speeds are measured against.
///
///     let roof = try Roof.measure(on: pool)
///     roof.readBytesPerSecond / Double(weightBytes)     // tokens per second that decoding cannot exceed
///
/// Measured with the instructions of the kernels' variant in use; takes about half a second.
public struct Roof: Sendable, Equatable {
    /// From memory, not from caches.
    public var readBytesPerSecond: Double
    /// Products of bytes and their sums; nil when the variant has no instruction for them.
    public var integerOperationsPerSecond: Double?
    public var floatOperationsPerSecond: Double

    public init(
        readBytesPerSecond: Double, integerOperationsPerSecond: Double?, floatOperationsPerSecond: Double
    ) {
        self.readBytesPerSecond = readBytesPerSecond
        self.integerOperationsPerSecond = integerOperationsPerSecond
        self.floatOperationsPerSecond = floatOperationsPerSecond
    }

    /// Larger than the caches.
    private static let readBytes = 256 << 20
    private static let readPieces = 64
    private static let rounds: Int64 = 4_000_000
    /// The best of so many tries counts: a roof is what nothing disturbs.
    private static let tries = 3

    /// - Throws: `KernelsError.outOfMemory` when there are no 256 MB to read.
    public static func measure(on pool: WorkerPool) throws(KernelsError) -> Roof {
        guard let memory = Memory(zeroed: readBytes) else {
            throw .outOfMemory(operation: "measuring the memory's rate", bytes: readBytes)
        }
        memory.pointer(UInt8.self).update(repeating: 1, count: readBytes)
        let kernels = Kernels.current
        let size = readBytes / readPieces
        let readSeconds = best {
            pool.forEach(count: readPieces) { piece, _ in
                var sink: Float = 0
                kernels.read_memory(memory.pointer(UInt8.self) + piece * size, Int64(size), &sink)
            }
        }
        return Roof(
            readBytesPerSecond: Double(readBytes) / readSeconds,
            integerOperationsPerSecond: operations(kernels.peak_integers, on: pool),
            floatOperationsPerSecond: operations(kernels.peak_floats, on: pool) ?? 0)
    }

    /// Operations per second of all workers together; nil when there are none.
    private static func operations(
        _ peak: @convention(c) (Int64, UnsafeMutablePointer<Float>?) -> Int64, on pool: WorkerPool
    ) -> Double? {
        var sink: Float = 0
        let count = peak(rounds, &sink)
        guard count > 0 else { return nil }
        let seconds = best {
            pool.run { _, _ in
                var sink: Float = 0
                _ = peak(rounds, &sink)
            }
        }
        return Double(count) * Double(pool.threads) / seconds
    }

    private static func best(_ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        return (0..<tries).map { _ in clock.measure(body) / .seconds(1) }.min() ?? 0
    }
}
