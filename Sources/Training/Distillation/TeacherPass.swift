import Kernels
import Model

/// Runs a teacher over examples, with the engine that serves, and writes what it says of the tokens that are learnt.
final class TeacherPass {
    private let model: Transformer
    private let cache: KVStorage
    private let workspace: Model.Workspace
    private let pool: WorkerPool
    private let shard: TokenShard
    private let count: Int
    private let temperature: Float
    /// Tokens that both models have.
    private let vocabularySize: Int

    /// Rows of logits are as long as the vocabulary, so a step takes few.
    private static let stepTokensMax = 64

    /// - Parameters:
    ///   - model: the teacher.
    ///   - path: what it is called in errors.
    ///   - count: tokens that are kept of each distribution.
    ///   - vocabularySize: of the student.
    /// - Throws: `TrainingError` when the teacher has too short a context.
    init(
        _ model: Transformer, path: String, shard: TokenShard, count: Int, temperature: Float, vocabularySize: Int,
        on pool: WorkerPool
    ) throws(TrainingError) {
        self.model = model
        self.pool = pool
        self.shard = shard
        self.temperature = temperature
        self.vocabularySize = min(vocabularySize, model.configuration.vocabularySize)
        self.count = count
        // The last token is foretold and not read.
        let longest = max(1, ((0..<shard.documentCount).map { shard.document($0).tokens }.max() ?? 1) - 1)
        guard longest <= model.configuration.contextTokens else {
            throw .unsupported(
                field: "teacher", expected: "a context of \(longest) tokens, the longest example's",
                actual: "\(model.configuration.contextTokens)")
        }
        do { cache = try model.makeCache(tokens: longest, element: .f16) } catch {
            throw .file(operation: "make a cache for", path: path, reason: "\(error)")
        }
        workspace = Model.Workspace(
            model, tokensMax: Self.stepTokensMax, logitRowsMax: Self.stepTokensMax)
    }

    /// Writes the parts that are missing.
    ///
    /// - Returns: false when a request to stop came; the parts that are there stay.
    func write(
        to folder: String, unless stop: StopRequest, progress: (PreparationProgress) -> Void
    ) throws(TrainingError) -> Bool {
        try Files.makeFolder(folder)
        let size = TeacherTable.documentsOfPart
        for first in stride(from: 0, to: shard.documentCount, by: size) {
            let path = "\(folder)/\(TeacherTable.partName(first / size))"
            let documents = first..<min(shard.documentCount, first + size)
            if !Files.exists(path) {
                var bytes: [UInt8] = []
                for document in documents {
                    read(document, into: &bytes, unless: stop)
                    if stop.isStopping { return false }
                    progress(PreparationProgress(done: document + 1, total: shard.documentCount))
                }
                try Files.replace(path, with: bytes)
            }
            progress(PreparationProgress(done: documents.upperBound, total: shard.documentCount))
        }
        return true
    }

    private func read(_ document: Int, into bytes: inout [UInt8], unless stop: StopRequest) {
        let facts = shard.document(document)
        let learnt = TeacherTable.learnt(of: document, shard)
        guard let last = learnt.last else { return }
        let tokens = (0..<last).map { shard.token(at: facts.offset + $0) }
        let pages = (0..<Int32(cache.pages)).map { $0 }
        for start in stride(from: 0, to: tokens.count, by: Self.stepTokensMax) {
            if stop.isStopping { return }
            let end = min(tokens.count, start + Self.stepTokensMax)
            // The token at a place is foretold by the row before it.
            let rows = learnt.map { $0 - 1 }.filter { (start..<end).contains($0) }.map { $0 - start }
            let run = TokenRun(
                tokens: Array(tokens[start..<end]), firstPosition: start, pages: pages,
                wants: rows.isEmpty ? .nothing : .allLogits)
            let output = model.forward([run], cache: cache, workspace: workspace, on: pool)
            if !rows.isEmpty { bytes += records(output.logits, rows) }
        }
    }

    private func records(_ logits: Matrix, _ rows: [Int]) -> [UInt8] {
        let own = vocabularySize
        for row in rows {
            logits.withRow(row) { values in
                if temperature != 1 { for place in values.indices { values[place] /= temperature } }
                for place in own..<max(own, values.count) { values[place] = -.infinity }
            }
        }
        Operations.softmax(logits, on: pool)
        return rows.flatMap { row in logits.withRow(row) { Self.record(UnsafeBufferPointer($0), count) } }
    }

    /// The likeliest tokens, of the same probability those with the smaller ids.
    private static func record(_ probabilities: UnsafeBufferPointer<Float>, _ count: Int) -> [UInt8] {
        var best: [(id: Int, share: Float)] = []
        best.reserveCapacity(count + 1)
        var least = -Float.infinity
        for id in probabilities.indices where probabilities[id] > least {
            let share = probabilities[id]
            let place = best.firstIndex { $0.share < share } ?? best.count
            best.insert((id, share), at: place)
            if best.count > count { best.removeLast() }
            if best.count == count { least = best[count - 1].share }
        }
        var bytes: [UInt8] = []
        for (id, _) in best { withUnsafeBytes(of: UInt32(id).littleEndian) { bytes += $0 } }
        for (_, share) in best { withUnsafeBytes(of: share.bitPattern.littleEndian) { bytes += $0 } }
        return bytes
    }
}
