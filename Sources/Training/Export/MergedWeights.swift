import Kernels
import Model
import Weights

/// A base model's weights with an adapter's product added: W + alpha / rank B A, computed in float from the base as its
/// file has it.
struct MergedWeights: Sendable {
    private let base: BaseModel
    private let pairs: [String: Pair]
    private let settings: AdapterSettings

    private struct Pair: Sendable {
        let a: [Float]
        let b: [Float]
    }

    /// - Parameter adapter: tensors by PEFT's names.
    /// - Throws: `TrainingError.damaged` when one is missing or has another shape.
    init(_ base: BaseModel, _ settings: AdapterSettings, _ adapter: [TensorInfo], file: String) throws(TrainingError) {
        self.base = base
        self.settings = settings
        let found = Dictionary(adapter.map { ($0.name, $0) }) { first, _ in first }
        let shapes = Dictionary(
            ParameterLayout(base.configuration).entries.map { ($0.name, $0.shape) }) { first, _ in first }
        func floats(_ name: String, _ shape: [Int]) throws(TrainingError) -> [Float] {
            guard let tensor = found[name], tensor.shape == shape else {
                throw .damaged(
                    file: file, expected: "\(name) of shape \(shape)",
                    actual: found[name].map { "the shape \($0.shape)" } ?? "none")
            }
            do { return try dequantize(tensor.type, tensor.bytes, count: tensor.parameters) } catch {
                throw .kernels(error)
            }
        }
        var pairs: [String: Pair] = [:]
        for layer in 0..<base.configuration.layers {
            for target in settings.targets {
                let module = "model.layers.\(layer).\(target.module).weight"
                guard let shape = shapes[module] else { continue }
                let a = ParameterLayout.name(target, layer: layer, isA: true)
                let b = ParameterLayout.name(target, layer: layer, isA: false)
                pairs[module] = Pair(
                    a: try floats(a, [settings.rank, shape[1]]), b: try floats(b, [shape[0], settings.rank]))
            }
        }
        self.pairs = pairs
    }

    /// The tensors that there are, by Hugging Face's names; their bytes are the base's.
    var tensors: [TensorInfo] { base.infos }

    /// Rows of a matrix, or a vector, in Hugging Face's order.
    func rows(_ name: String, _ rows: Range<Int>, columns: Int) -> [Float] {
        let buffer = FloatBuffer(count: rows.count * columns)
        base.read(name, rows: rows, into: NumberMatrix(buffer, rows: rows.count, columns: columns))
        guard let pair = pairs[name] else { return buffer.copy() }
        buffer.withUnsafeMutableBufferPointer { sum in
            for (index, row) in rows.enumerated() {
                for rank in 0..<settings.rank {
                    let factor = settings.scale * pair.b[row * settings.rank + rank]
                    let (from, to) = (rank * columns, index * columns)
                    for column in 0..<columns { sum[to + column] += factor * pair.a[from + column] }
                }
            }
        }
        return buffer.copy()
    }
}
