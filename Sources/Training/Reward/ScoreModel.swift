import Foundation
import Kernels
import Model
import Weights

/// A reward model that scores: a run of `danlu train reward`, or a folder that transformers loads for sequence
/// classification with one label.
///
///     let model = try ScoreModel(run: RunFolder(path: "runs/reward"), tokensMax: 1024, pool: pool)
///     try model.scores([tokens], unless: stop)                    // of each text, after its last token
///
/// Weights are frozen, whichever of them were trained. Not thread-safe.
package final class ScoreModel {
    /// The text half: tokenizer and template.
    package let reference: BaseReference
    private let network: Network
    private let tokensMax: Int

    private static let panelBytesMax = 4 << 30

    /// Of the newest sound checkpoint.
    ///
    /// - Parameters:
    ///   - tokensMax: of a text.
    ///   - precision: of products; by default what the processor multiplies fastest.
    /// - Throws: `TrainingError` when the run is no reward model's, or its base is another one now.
    package init(
        run: RunFolder, tokensMax: Int, precision: Precision? = nil, pool: WorkerPool
    ) throws(TrainingError) {
        let configuration = try run.configuration()
        guard configuration.stage == .reward, let base = configuration.base else {
            throw .unsupported(
                field: "run \(run.path)", expected: "a run of danlu train reward",
                actual: "danlu train \(configuration.stage.rawValue)")
        }
        guard let checkpoint = run.checkpoints.newest().checkpoint else {
            throw .damaged(
                file: run.checkpoints.folder, expected: "a checkpoint", actual: "none; train some steps first")
        }
        let tensors = try Self.tensors("\(checkpoint.path)/\(Checkpoint.weightsName)")
        reference = base
        self.tokensMax = tokensMax
        if let adapter = configuration.adapter {
            network = try Self.network(try base.open(), adapter, tokensMax, precision, pool)
            try load(tensors, from: checkpoint.path) { $0 }
        } else {
            network = try Self.network(
                try BaseModel(try base.open(verifies: false).configuration, tensors), Self.nothing, tokensMax,
                precision, pool)
            try loadScore(tensors, from: checkpoint.path)
        }
    }

    /// - Parameter folder: with config.json, safetensors that have `score.weight`, and a tokenizer.
    package init(
        folder: String, tokensMax: Int, precision: Precision? = nil, pool: WorkerPool
    ) throws(TrainingError) {
        let files: ModelFiles
        do { files = try ModelFiles.open(folder) } catch { throw .weights(error) }
        reference = try BaseReference(path: folder)
        self.tokensMax = tokensMax
        network = try Self.network(try BaseModel(files), Self.nothing, tokensMax, precision, pool)
        try loadScore(files.tensors, from: folder)
    }

    /// An adapter that changes nothing: what makes a network of frozen weights.
    private static let nothing = AdapterSettings(rank: 1, targets: [.query])

    private static func network(
        _ base: BaseModel, _ adapter: AdapterSettings, _ tokensMax: Int, _ precision: Precision?, _ pool: WorkerPool
    ) throws(TrainingError) -> Network {
        let network = try Network(
            base: base, adapter: adapter,
            precision: precision ?? (TrainingKernels.multipliesBFloat ? .bf16 : .fp32), rows: 1, sequence: tokensMax,
            recompute: .all, panelBytesMax: panelBytesMax, hasScore: true, pool: pool)
        network.initialize(seed: 0)
        return network
    }

    private static func tensors(_ path: String) throws(TrainingError) -> [TensorInfo] {
        let bytes: ByteView
        do { bytes = try MappedFile(path: path).bytes } catch { throw .kernels(error) }
        do { return try SafetensorsFile(bytes: bytes, name: path).tensors } catch { throw .weights(error) }
    }

    private func loadScore(_ tensors: [TensorInfo], from path: String) throws(TrainingError) {
        try load(tensors, from: path) { $0 == ParameterLayout.adaptedScoreName ? ParameterLayout.scoreName : nil }
    }

    /// - Parameter name: of the tensor that a parameter is read from; nil for those that stay as they are.
    private func load(
        _ tensors: [TensorInfo], from path: String, _ name: (String) -> String?
    ) throws(TrainingError) {
        let found = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
        for entry in network.layout.entries {
            guard let name = name(entry.name) else { continue }
            guard let tensor = found[name], tensor.shape == entry.shape else {
                throw .damaged(
                    file: path, expected: "\(name) of shape \(entry.shape), a reward model's",
                    actual: found[name].map { "the shape \($0.shape)" } ?? "none")
            }
            do throws(KernelsError) {
                let numbers = try dequantize(tensor.type, tensor.bytes, count: entry.count)
                for (index, number) in numbers.enumerated() { network.parameters[entry.offset + index] = number }
            } catch {
                throw .kernels(error)
            }
        }
        network.parametersChanged()
    }

    /// The score of each text, after its last token. Texts are packed into rows that do not see each other.
    ///
    /// - Parameters:
    ///   - texts: each of 1 to `tokensMax` tokens of the vocabulary.
    ///   - progress: the texts that are done.
    /// - Returns: nil when a request to stop came.
    package func scores(
        _ texts: [[Int32]], unless stop: StopRequest, progress: (Int) -> Void = { _ in }
    ) -> [Float]? {
        precondition(texts.allSatisfy { (1...tokensMax).contains($0.count) }, "texts of 1 to \(tokensMax) tokens")
        var scores: [Float] = []
        var first = 0
        while first < texts.count {
            var batch = TrainingBatch.empty(rows: 1, sequence: tokensMax)
            var (ends, used, next) = ([Int](), 0, first)
            while next < texts.count, used + texts[next].count <= tokensMax, ends.count < network.scoresMax {
                for (offset, token) in texts[next].enumerated() {
                    batch.tokens[used + offset] = token
                    batch.documents[used + offset] = Int32(used)
                }
                used += texts[next].count
                ends.append(used - 1)
                next += 1
            }
            scores += network.scores(batch, at: ends, unless: stop)
            if stop.isStopping { return nil }
            first = next
            progress(first)
        }
        return scores
    }
}
