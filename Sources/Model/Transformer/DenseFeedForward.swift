import Kernels

/// down(activation(gate(x)) * up(x))
struct DenseFeedForward: Sendable {
    let gate: WeightMatrix
    let up: WeightMatrix
    let down: WeightMatrix
    let activation: Activation
    var gateBias: FloatBuffer?
    var upBias: FloatBuffer?
    var downBias: FloatBuffer?

    enum Activation: Sendable {
        case silu
        case geluTanh

        /// gate = activation(gate) * up
        func apply(gate: Matrix, up: Matrix, on pool: WorkerPool) {
            switch self {
            case .silu: Operations.siluMultiply(gate: gate, up: up, on: pool)
            case .geluTanh: Operations.geluTanhMultiply(gate: gate, up: up, on: pool)
            }
        }
    }

    /// `output` may be `x`.
    func forward(_ x: Matrix, into output: Matrix, _ adapters: LayerAdapters) {
        let (workspace, pool) = (adapters.workspace, adapters.pool)
        let gates = workspace.matrix(workspace.gate, rows: x.rows, columns: gate.rows)
        let ups = workspace.matrix(workspace.up, rows: x.rows, columns: up.rows)
        adapters.multiply(x, by: [(gate, gates), (up, ups)], \.feedForwardInput)
        if let gateBias { Operations.addBias(gates, gateBias, on: pool) }
        if let upBias { Operations.addBias(ups, upBias, on: pool) }
        activation.apply(gate: gates, up: ups, on: pool)
        adapters.multiply(gates, by: [(down, output)], \.feedForwardOutput)
        if let downBias { Operations.addBias(output, downBias, on: pool) }
    }
}
