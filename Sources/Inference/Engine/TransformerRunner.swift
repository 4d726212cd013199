import Kernels
import Model

/// Steps of a transformer with its cache and workspace.
package final class TransformerRunner: StepRunner, @unchecked Sendable {
    // Sendable: made on one thread and then used by the engine's thread alone.
    private let model: Transformer
    private let cache: KVStorage
    private let workspace: Workspace
    private let pool: WorkerPool

    package init(_ model: Transformer, cache: KVStorage, pool: WorkerPool, tokensMax: Int, logitRowsMax: Int) {
        self.model = model
        self.cache = cache
        self.pool = pool
        workspace = Workspace(model, tokensMax: tokensMax, logitRowsMax: logitRowsMax)
    }

    package var vocabularySize: Int { model.configuration.vocabularySize }
    package var hiddenDim: Int { model.configuration.embeddingDim }
    package var workers: Int { pool.threads }

    package func copyPage(from source: Int32, to target: Int32) { cache.copyPage(from: source, to: target) }

    package func run(_ runs: [Step.Run]) -> StepRows {
        let output = model.forward(runs.map(\.tokenRun), cache: cache, workspace: workspace, on: pool)
        return StepRows(logits: output.logits, hidden: output.hidden, ranges: runs.indices.map(output.rows(ofRun:)))
    }

    package func onEachWorker(_ body: () -> Void) { pool.run { _, _ in body() } }

    package func forEach(count: Int, _ body: (_ item: Int, _ worker: Int) -> Void) { pool.forEach(count: count, body) }
}

extension Step.Run {
    fileprivate var tokenRun: TokenRun {
        let wants: TokenRun.Wants =
            switch self.wants {
            case .nothing: .nothing
            case .lastLogits: .lastLogits
            case .allLogits: .allLogits
            case .hiddenStates: .hiddenStates
            }
        return TokenRun(tokens: tokens, firstPosition: firstPosition, pages: pages, wants: wants, adapters: adapters)
    }
}
