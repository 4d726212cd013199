import Kernels
import Synchronization
import Testing
import Training

/// Random matrices in either precision, and what they hold exactly.
struct RandomNumbers {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64 = .random(in: 0...UInt64.max)) {
        self.seed = seed
        state = seed
    }

    /// From -1 to 1.
    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
    }

    mutating func floats(_ count: Int, around centre: Float = 0) -> [Float] { (0..<count).map { _ in centre + next() } }

    mutating func matrix(_ rows: Int, _ columns: Int, _ precision: Precision) throws -> Numbers {
        try Numbers(rows, columns, precision, floats(rows * columns))
    }
}

/// A matrix whose memory stays until the tests end: a view does not keep it, and the compiler lets go of what is not
/// mentioned again.
struct Numbers {
    let view: NumberMatrix
    private static let kept = Mutex<[NumberBuffer]>([])

    init(_ rows: Int, _ columns: Int, _ precision: Precision, _ values: [Float]? = nil) throws {
        let buffer = try NumberBuffer(count: rows * columns, precision: precision)
        Self.kept.withLock { $0.append(buffer) }
        view = NumberMatrix(buffer, rows: rows, columns: columns)
        if let values {
            let source = FloatBuffer(values)
            TrainingOperations.convert(NumberMatrix(source, rows: rows, columns: columns), into: view)
            withExtendedLifetime(source) {}
        }
    }

    /// What it holds, rounded as it is.
    var doubles: [Double] { view.copy().map(Double.init) }
}

/// Largest difference of two lists, in parts of the second's largest number.
func relativeDifference(_ ours: [Double], _ theirs: [Double]) -> Double {
    guard ours.count == theirs.count, ours.allSatisfy(\.isFinite) else { return .infinity }
    let largest = theirs.map(abs).max() ?? 0
    return (zip(ours, theirs).map { abs($0 - $1) }.max() ?? 0) / max(largest, 1e-30)
}

/// The derivative of `f` at x by differences, in the coordinates asked for.
func differences(_ x: [Double], at coordinates: [Int], _ f: ([Double]) -> Double) -> [Double] {
    let h = 1e-5
    return coordinates.map { index in
        var (above, below) = (x, x)
        above[index] += h
        below[index] -= h
        return (f(above) - f(below)) / (2 * h)
    }
}

/// Runs a test's body with every variant that this processor has, and both precisions.
func withEveryVariant(_ body: (Precision, Testing.Comment) throws -> Void) throws {
    defer { _ = TrainingKernels.select(NetworkTests.best) }
    for variant in TrainingKernels.Variant.allCases where variant.isSupported {
        #expect(TrainingKernels.select(variant))
        for precision in Precision.allCases { try body(precision, "\(variant), \(precision.rawValue)") }
    }
}
