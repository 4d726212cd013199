/// The four products of a layer: matrices that read the same input are one.
enum WeightGroup: Int, CaseIterable, Sendable {
    /// Queries, keys and values, one after the other.
    case attentionInput
    case attentionOutput
    /// Gates, then ups.
    case feedForwardInput
    case feedForwardOutput

    var targets: [AdapterTarget] {
        switch self {
        case .attentionInput: [.query, .key, .value]
        case .attentionOutput: [.output]
        case .feedForwardInput: [.gate, .up]
        case .feedForwardOutput: [.down]
        }
    }

    /// Of its matrices in a layer, by Hugging Face's names.
    func names(layer: Int) -> [String] { targets.map { "model.layers.\(layer).\($0.module).weight" } }

    /// Numbers of its input.
    func columns(_ shape: Shape) -> Int {
        switch self {
        case .attentionInput, .feedForwardInput: shape.width
        case .attentionOutput: shape.queryColumns
        case .feedForwardOutput: shape.inner
        }
    }

    /// Rows of each of its matrices.
    func rows(_ shape: Shape) -> [Int] {
        switch self {
        case .attentionInput: [shape.queryColumns, shape.keyColumns, shape.keyColumns]
        case .attentionOutput, .feedForwardOutput: [shape.width]
        case .feedForwardInput: [shape.inner, shape.inner]
        }
    }
}
