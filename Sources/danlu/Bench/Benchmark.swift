import Kernels
import Model

/// The model's own work, without engine, sampling and text: the shapes that llama-bench measures.
struct Benchmark {
    /// Prompts longer than this are read in pieces, as the engine and llama.cpp do.
    private static let stepTokensMax = 512

    private let model: LoadedModel
    private let cache: KVStorage
    private let workspace: Workspace
    private let pages: [Int32]
    private let tokens: [Int32]

    /// - Parameter tokensMax: the longest sequence to be measured.
    init(_ model: LoadedModel, tokensMax: Int) throws {
        self.model = model
        cache = try model.transformer.makeCache(tokens: tokensMax, element: .f16)
        workspace = Workspace(model.transformer, tokensMax: min(tokensMax, Self.stepTokensMax), logitRowsMax: 1)
        pages = (0..<Int32(cache.pages)).map { $0 }
        // The values do not matter for speed, but one token over and over would keep a single row in the cache.
        let size = model.transformer.configuration.vocabularySize
        tokens = (0..<tokensMax).map { Int32(($0 &* 7919 &+ 13) % size) }
    }

    /// All tokens into an empty cache, logits of the last.
    func readPrompt(tokens count: Int) {
        for start in stride(from: 0, to: count, by: Self.stepTokensMax) {
            let end = min(count, start + Self.stepTokensMax)
            step(start..<end, wants: end == count ? .lastLogits : .nothing)
        }
    }

    /// One token a step from an empty cache, each with its logits.
    func generate(tokens count: Int) {
        for position in 0..<count { step(position..<position + 1, wants: .lastLogits) }
    }

    private func step(_ range: Range<Int>, wants: TokenRun.Wants) {
        let run = TokenRun(
            tokens: Array(tokens[range]), firstPosition: range.lowerBound, pages: pages, wants: wants)
        _ = model.transformer.forward([run], cache: cache, workspace: workspace, on: model.pool)
    }
}
