import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Cosines and sines of one step's positions, computed once and used in every layer.
///
///     let angles = RotaryPositions([7, 8, 9], inverseFrequencies: frequencies)
///     angles.rotate(q, heads: 14, style: .halves)
///
/// The angle of pair i at position p is p * inverseFrequencies[i]; fewer pairs than headDim / 2 rotate only the
/// first 2 * pairs elements of a head.
public struct RotaryPositions: Sendable {
    public enum Style: Sendable {
        /// Pairs (i, i + pairs): GPT-NeoX, Hugging Face, GGUF's qwen and gemma.
        case halves
        /// Pairs (2i, 2i + 1): GGUF's llama.
        case interleaved
    }

    public let positions: [Int]
    public let pairs: Int
    private let cosines: FloatBuffer
    private let sines: FloatBuffer

    /// - Parameter magnitude: multiplies cosines and sines (YaRN's attention factor).
    public init(_ positions: [Int], inverseFrequencies: [Double], magnitude: Double = 1) {
        self.positions = positions
        pairs = inverseFrequencies.count
        cosines = FloatBuffer(count: positions.count * pairs)
        sines = FloatBuffer(count: positions.count * pairs)
        for (row, position) in positions.enumerated() {
            for (pair, frequency) in inverseFrequencies.enumerated() {
                let angle = Double(position) * frequency
                cosines.pointer[row * pairs + pair] = Float(cos(angle) * magnitude)
                sines.pointer[row * pairs + pair] = Float(sin(angle) * magnitude)
            }
        }
    }

    /// One row of `pairs` cosines, or sines, a position.
    var tables: (cosines: FloatBuffer, sines: FloatBuffer) { (cosines, sines) }

    /// The inverse frequencies base^(-2i / dimensions), each divided by its factor (Llama 3's scaling) when given.
    ///
    /// - Precondition: `factors` has dimensions / 2 values, none zero.
    public static func inverseFrequencies(
        base: Double, dimensions: Int, factors: [Float]? = nil, scale: Double = 1
    ) -> [Double] {
        precondition(factors.map { $0.count == dimensions / 2 } ?? true, "one factor a pair of dimensions")
        return (0..<dimensions / 2).map { pair in
            let frequency = pow(base, -2 * Double(pair) / Double(dimensions)) * scale
            return frequency / Double(factors?[pair] ?? 1)
        }
    }

    /// Rotates every head of row r by the angles of position r.
    ///
    /// - Precondition: one row a position, rows of `heads` equal heads of at least 2 * pairs elements.
    public func rotate(_ x: Matrix, heads: Int, style: Style, on pool: WorkerPool? = nil) {
        precondition(x.rows == positions.count, "\(x.rows) rows for \(positions.count) positions")
        precondition(
            heads > 0 && x.columns % heads == 0 && x.columns / heads >= 2 * pairs, "\(heads) heads in \(x.shape)")
        let kernels = Kernels.current
        Operations.eachRow(x, pool) { row in
            let (data, cosine, sine) = (
                x.pointer + row * x.stride, cosines.pointer + row * pairs, sines.pointer + row * pairs
            )
            switch style {
            case .halves:
                kernels.rope_half(data, cosine, sine, Int64(heads), Int64(x.columns / heads), Int64(pairs))
            case .interleaved:
                kernels.rope_interleaved(data, cosine, sine, Int64(heads), Int64(x.columns / heads), Int64(pairs))
            }
        }
    }
}
