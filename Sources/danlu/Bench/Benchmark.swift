import Kernels
import Model

/// The model's own work, without engine, sampling and text: the shapes that llama-bench and llama-batched-bench
/// measure.
final class Benchmark {
    private let model: LoadedModel
    private let cache: KVStorage
    private let workspace: Workspace
    /// Pages of each sequence.
    private let pages: [[Int32]]
    /// Positions of each sequence that are in the cache. A position always has the same token, so that what one test
    /// left serves the next.
    private var filled: [Int]

    init(_ model: LoadedModel, tests: [BenchTest], cacheType: KVStorage.Element) throws {
        self.model = model
        let sequences = tests.map(\.sequences).max() ?? 1
        let lengths = (0..<sequences).map { sequence in
            tests.filter { $0.sequences > sequence }.map(\.length).max() ?? 1
        }
        let counts = lengths.map { ($0 - 1) / KVStorage.pageTokens + 1 }
        cache = try model.transformer.makeCache(
            tokens: counts.reduce(0, +) * KVStorage.pageTokens, element: cacheType)
        workspace = Workspace(
            model.transformer, tokensMax: max(BenchRoof.stepTokens, sequences), logitRowsMax: sequences)
        var next: Int32 = 0
        pages = counts.map { count in
            defer { next += Int32(count) }
            return (next..<next + Int32(count)).map { $0 }
        }
        filled = Array(repeating: 0, count: sequences)
    }

    /// Brings every sequence of the test to its depth, untimed.
    func prepare(_ test: BenchTest) {
        for sequence in 0..<test.sequences where filled[sequence] < test.depth {
            read(filled[sequence]..<test.depth, of: sequence)
            filled[sequence] = test.depth
        }
    }

    /// What is timed.
    func run(_ test: BenchTest) {
        switch test.kind {
        case .prompt: read(test.depth..<test.length, of: 0)
        case .generation:
            for position in test.depth..<test.length {
                step((0..<test.sequences).map { run($0, position..<position + 1, wants: .lastLogits) })
            }
        }
        for sequence in 0..<test.sequences { filled[sequence] = max(filled[sequence], test.length) }
    }

    /// Tokens in pieces, as the engine and llama.cpp take them; logits of the last.
    private func read(_ range: Range<Int>, of sequence: Int) {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: BenchRoof.stepTokens) {
            let end = min(range.upperBound, start + BenchRoof.stepTokens)
            step([run(sequence, start..<end, wants: end == range.upperBound ? .lastLogits : .nothing)])
        }
    }

    private func run(_ sequence: Int, _ range: Range<Int>, wants: TokenRun.Wants) -> TokenRun {
        // The values do not matter for speed, but one token over and over would keep a single row in the cache.
        let size = model.transformer.configuration.vocabularySize
        let tokens = range.map { Int32(($0 &* 7919 &+ sequence &* 104_729 &+ 13) % size) }
        return TokenRun(
            tokens: tokens, firstPosition: range.lowerBound, pages: pages[sequence], wants: wants,
            adapters: model.adapters)
    }

    private func step(_ runs: [TokenRun]) {
        _ = model.transformer.forward(runs, cache: cache, workspace: workspace, on: model.pool)
    }
}
