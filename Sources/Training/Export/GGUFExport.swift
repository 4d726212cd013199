import Kernels
import Weights

/// A model as one GGUF file, for Danlu itself, llama.cpp and what reads its files.
///
///     let export = try GGUFExport(ExportSource(run: "runs/poems"), type: .q4_K)
///     let report = try export.write(to: "poems.gguf", on: pool) { done in … }
package struct GGUFExport {
    private let source: ExportSource
    private let type: ExportType
    private let metadata: Metadata
    private let tensors: [ExportTensor]

    /// Rows are converted some at a time, about as many numbers as these.
    private static let pieceElements = 1 << 20

    /// - Parameter isPure: all matrices get the one type; see `TensorMixture`.
    /// - Throws: `TrainingError`, `ModelError`, `TokensError` for what cannot be said in such a file.
    package init(_ source: ExportSource, type: ExportType, isPure: Bool = false) throws {
        guard !source.isReward else {
            throw TrainingError.unsupported(
                field: "format gguf of a reward model", expected: "safetensors, peft, or danlu score --run",
                actual: "a score in place of the head")
        }
        self.source = source
        self.type = type
        metadata = try Self.metadata(source, type)
        tensors = try ExportTensor.all(of: source, type, isPure: isPure)
    }

    /// Bytes of weights that will be read.
    package var sourceBytes: Int { tensors.reduce(0) { $0 + $1.source.bytes.count } }

    /// Of the file that numbers are read from.
    static func bytes(_ count: Int, of tensor: TensorInfo) -> Int {
        Int(Double(tensor.bytes.count) / Double(tensor.parameters) * Double(count))
    }

    /// Writes the file; there is none until it is whole.
    ///
    /// - Parameter progress: called with the bytes of weights that are done; what it throws ends the work.
    /// - Throws: `WeightsError` when the file is there and `replaces` is false, when it cannot be written, or when a
    ///   number is not finite or too large for its type, naming the tensor.
    package func write(
        to path: String, replaces: Bool = false, on pool: WorkerPool, progress: (Int) throws -> Void = { _ in }
    ) throws -> ExportReport {
        let record = source.record
        let writer = try GGUFWriter(
            path: path, metadata: metadata, tensors: tensors.map(\.target), replaces: replaces, hashes: true
        ) {
            ModelBundle(of: $0, baseName: record?.baseName, training: record?.training, data: record?.data)
        }
        var done = 0
        for tensor in tensors {
            try TensorReader(tensor, source.merged).forEachPiece(elements: Self.pieceElements) { floats in
                try writer.write(tensor.target.name, floats: floats, on: pool)
                done += Self.bytes(floats.count, of: tensor.source)
                try progress(done)
            }
        }
        let written = try writer.finish()
        var report = ExportReport(
            path: path, bytes: written.byteCount, sha256: written.sha256 ?? "",
            parameters: tensors.reduce(0) { $0 + $1.source.parameters }, types: [:], fallbacks: [])
        for tensor in tensors {
            let target = tensor.target
            report.types[target.type, default: 0] += 1
            let columns = tensor.source.columns
            if target.shape.count > 1, columns % type.element.blockElements != 0 {
                report.fallbacks.append((target.name, columns, target.type))
            }
        }
        return report
    }
}
