import Foundation
import Kernels
import Model
import Training

/// Networks of a few thousand parameters: made-up weights, or an adapter beside a golden model.
enum TinyNetwork {
    static func whole(_ precision: Precision, threads: Int = 2) throws -> (network: Network, pool: WorkerPool) {
        let shape = ModelShape(
            layers: 2, dim: 64, heads: 2, kvHeads: 1, headDim: 32, feedForwardDim: 96, vocabularySize: 101,
            contextTokens: 128)
        let pool = try WorkerPool(threads: threads)
        let network = try Network(
            configuration: shape.configuration, precision: precision, rows: 2, sequence: 64, recompute: .none,
            pool: pool)
        network.initialize(seed: 3)
        stir(network)
        return (network, pool)
    }

    static func adapted(
        _ name: String, _ precision: Precision, threads: Int = 2
    ) throws -> (network: Network, base: BaseReference, pool: WorkerPool) {
        let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "TrainingTests/Goldens")
        let base = try BaseReference(path: goldens.appending(path: name).path)
        let pool = try WorkerPool(threads: threads)
        let network = try Network(
            base: base.open(), adapter: AdapterSettings(rank: 4), precision: precision, rows: 2, sequence: 64,
            recompute: .none, panelBytesMax: 1 << 30, pool: pool)
        network.initialize(seed: 3)
        stir(network)
        return (network, base, pool)
    }

    /// As training would: B's are no longer zero, and some tokens are likelier than others.
    static func stir(_ network: Network, seed: UInt64 = 8) {
        var random = SplitMix64(seed: seed)
        network.parameters.withUnsafeMutableBufferPointer { numbers in
            for index in numbers.indices { numbers[index] += Float(0.1 * (random.uniform() - 0.5)) }
        }
        network.parametersChanged()
    }
}
