import Foundation
import JSON
import Kernels
import Model
import Testing
import Training
import Weights

/// A tiny model of Goldens/make_tuning.py, or its adapter, and what PyTorch computed of it.
struct TuningGolden {
    let folder: URL
    let base: BaseModel
    let files: ModelFiles
    let batch: TrainingBatch
    /// Nats a target.
    let loss: Double

    /// - Parameter facts: the folder with what was computed, if it is not the model's own.
    init(_ model: String, facts: String? = nil) throws {
        let golden = try Golden()
        batch = golden.batch
        files = try ModelFiles.open(golden.folder.appendingPathComponent(model).path)
        base = try BaseModel(files)
        folder = golden.folder.appendingPathComponent(facts ?? model)
        let text = try String(contentsOf: folder.appendingPathComponent("facts.json"), encoding: .utf8)
        loss = try #require(try JSONValue(parsing: text)["loss"]?.double)
    }

    var scale: Float { 1 / Float(batch.targetCount) }

    func floats(_ name: String) throws -> [Float] {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        return data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }

    /// All weights are trained, from the golden's.
    func network(_ precision: Precision = .fp32) throws -> Network {
        let network = try Network(
            configuration: base.configuration, base: base, precision: precision, rows: batch.rows,
            sequence: batch.sequence, recompute: .none, pool: try WorkerPool(threads: 2))
        network.initialize(seed: 1)
        return network
    }

    static let settings = AdapterSettings(rank: 3, alpha: 5)

    /// The golden's adapter beside its frozen base.
    func adapted(
        _ precision: Precision = .fp32, settings: AdapterSettings = settings, recompute: Recomputation = .none,
        panelBytesMax: Int = 1 << 30, threads: Int = 2, hasScore: Bool = false
    ) throws -> Network {
        let network = try Network(
            base: base, adapter: settings, precision: precision, rows: batch.rows, sequence: batch.sequence,
            recompute: recompute, panelBytesMax: panelBytesMax, hasScore: hasScore,
            pool: try WorkerPool(threads: threads))
        network.initialize(seed: 1)
        let adapter = try AdapterFiles.open(folder.path)
        for entry in network.layout.entries
        where settings.rank == Self.settings.rank && !entry.name.hasSuffix("score.weight") {
            let tensor = try #require(adapter.tensor(entry.name))
            #expect(tensor.shape == entry.shape)
            for (index, value) in try dequantize(tensor.type, tensor.bytes, count: entry.count).enumerated() {
                network.parameters[entry.offset + index] = value
            }
        }
        network.parametersChanged()
        return network
    }
}
