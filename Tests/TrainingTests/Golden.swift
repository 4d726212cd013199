import Foundation
import JSON
import Kernels
import Model
import Testing
import Training
import Weights

/// The tiny model of Goldens/make_training.py, and what PyTorch computed of it.
struct Golden {
    let folder: URL
    let files: ModelFiles
    let configuration: ModelConfiguration
    let batch: TrainingBatch
    /// Nats a target.
    let loss: Double

    init() throws {
        let goldens = try #require(Bundle.module.url(forResource: "Goldens", withExtension: nil))
        folder = goldens
        files = try ModelFiles.open(goldens.appendingPathComponent("model").path)
        let config = try String(contentsOf: goldens.appendingPathComponent("model/config.json"), encoding: .utf8)
        configuration = try ModelConfiguration(huggingFace: try JSONValue(parsing: config))
        let text = try String(contentsOf: goldens.appendingPathComponent("batch.json"), encoding: .utf8)
        let json = try JSONValue(parsing: text)
        func list(_ name: String) throws -> [Int32] {
            try #require(json[name]?.array).map { Int32($0.int ?? -2) }
        }
        batch = TrainingBatch(
            rows: try #require(json["rows"]?.int), sequence: try #require(json["sequence"]?.int),
            tokens: try list("tokens"), targets: try list("targets"), documents: try list("documents"))
        loss = try #require(json["loss"]?.double)
    }

    func floats(_ name: String) throws -> [Float] {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        return data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }

    /// A network with the golden weights.
    func network(
        _ precision: Precision = .fp32, recompute: Recomputation = .none, rows: Int? = nil, threads: Int = 2,
        hasScore: Bool = false
    ) throws -> Network {
        let network = try Network(
            configuration: configuration, precision: precision, rows: rows ?? batch.rows, sequence: batch.sequence,
            recompute: recompute, hasScore: hasScore, pool: try WorkerPool(threads: threads))
        for entry in network.layout.entries where !entry.name.hasSuffix("score.weight") {
            let tensor = try #require(files.tensor(entry.name))
            let values = try dequantize(tensor.type, tensor.bytes, count: entry.count)
            for (index, value) in values.enumerated() { network.parameters[entry.offset + index] = value }
        }
        network.parametersChanged()
        return network
    }

    var scale: Float { 1 / Float(batch.targetCount) }

    /// The largest error of a tensor, in parts of its length: |ours - theirs| / |theirs|.
    static func error(_ ours: [Float], _ theirs: [Float], _ layout: ParameterLayout) -> (name: String, error: Double) {
        layout.entries.map { entry in
            (entry.name, relativeError(ours[entry.range], theirs[entry.range]))
        }.max { $0.1 < $1.1 } ?? ("", .infinity)
    }

    static func relativeError(_ ours: some Sequence<Float>, _ theirs: some Sequence<Float>) -> Double {
        var (difference, length) = (0.0, 0.0)
        for (a, b) in zip(ours, theirs) {
            difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
            length += Double(b) * Double(b)
        }
        let error = (difference / length).squareRoot()
        // A comparison with NaN must not pass.
        return error.isNaN ? .infinity : error
    }
}
