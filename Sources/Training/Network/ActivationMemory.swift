import Kernels

/// What is kept between the passes. With recomputation layers share what they compute again.
final class ActivationMemory: Sendable {
    private let streams: [NumberMatrix]
    private let layers: [LayerActivations]
    private let memory: MatrixMemory

    init(
        _ shape: Shape, precision: Precision, recompute: Recomputation, room: AdapterRoom = .none
    ) throws(KernelsError) {
        var memory = MatrixMemory()
        func matrix(_ columns: Int, _ precision: Precision) throws(KernelsError) -> NumberMatrix {
            try memory.matrix(shape.tokens, columns, precision)
        }
        var (streams, layers): ([NumberMatrix], [LayerActivations]) = ([], [])
        for _ in 0...shape.layers { streams.append(try matrix(shape.width, .fp32)) }
        for _ in 0..<(recompute == .all ? 1 : shape.layers) {
            layers.append(
                LayerActivations(
                    middle: try matrix(shape.width, .fp32), projected: try matrix(shape.attentionColumns, precision),
                    rotated: try matrix(shape.queryColumns + shape.keyColumns, precision),
                    mixed: try matrix(shape.queryColumns + room.attentionOutput, precision),
                    logSums: try matrix(shape.heads, .fp32),
                    gateUp: recompute == .none ? try matrix(2 * shape.inner, precision) : nil))
        }
        self.streams = streams
        self.layers = layers
        self.memory = memory
    }

    /// The residual stream before layer `index`, or after the last.
    func stream(_ index: Int) -> NumberMatrix { streams[index] }

    func layer(_ index: Int) -> LayerActivations { layers[min(index, layers.count - 1)] }
}
