import Foundation
import Kernels
import Model
import Tokens

/// Runs a text through a model and adds up how surprised it is.
struct PerplexityMeter {
    static let windowTokensDefault = 512
    /// Each row of logits is as long as the vocabulary, so a step takes few.
    private static let stepTokensMax = 64

    private let model: LoadedModel
    private let cache: KVStorage
    private let workspace: Workspace
    private let windowTokensMax: Int
    private let tokenizer: Tokenizer

    init(_ model: LoadedModel, windowTokensMax: Int, cacheType: KVStorage.Element) throws {
        let trained = model.transformer.configuration.contextTokens
        guard windowTokensMax <= trained else {
            throw PerplexityError.windowTooLong(tokens: windowTokensMax, limit: trained)
        }
        self.model = model
        self.windowTokensMax = windowTokensMax
        tokenizer = model.text.tokenizer
        cache = try model.transformer.makeCache(tokens: windowTokensMax, element: cacheType)
        let step = min(windowTokensMax, Self.stepTokensMax)
        workspace = Workspace(model.transformer, tokensMax: step, logitRowsMax: step)
    }

    /// - Parameters:
    ///   - tokens: the text, without BOS; each window gets it where the model wants it.
    ///   - visit: is given each row of logits, in order.
    func measure(_ tokens: [Int32], visit: (UnsafeBufferPointer<Float>) throws -> Void) throws -> PerplexityScore {
        let bos = tokenizer.addsBOS ? tokenizer.bosID.map { [$0] } ?? [] : []
        var score = PerplexityScore()
        let length = windowTokensMax - bos.count
        for start in stride(from: 0, to: tokens.count, by: length) {
            let window = bos + tokens[start..<min(tokens.count, start + length)]
            try read(window, into: &score, visit)
        }
        guard score.scored > 0 else { throw PerplexityError.textTooShort }
        return score
    }

    private func read(
        _ window: [Int32], into score: inout PerplexityScore, _ visit: (UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
        let pages = (0..<Int32(cache.pages)).map { $0 }
        score.tokens += window.count
        for start in stride(from: 0, to: window.count, by: Self.stepTokensMax) {
            let end = min(window.count, start + Self.stepTokensMax)
            let run = TokenRun(
                tokens: Array(window[start..<end]), firstPosition: start, pages: pages, wants: .allLogits,
                adapters: model.adapters)
            let output = model.transformer.forward([run], cache: cache, workspace: workspace, on: model.pool)
            try visitRows(output.logits, visit)
            for (row, loss) in losses(of: window[start...].dropFirst(), output.logits).enumerated() {
                score.scored += 1
                score.bytes += tokenizer.bytes(of: window[start + row + 1]).count
                score.total += loss
            }
        }
    }

    private func visitRows(_ logits: Matrix, _ visit: (UnsafeBufferPointer<Float>) throws -> Void) throws {
        for row in 0..<logits.rows { try logits.withRow(row) { try visit(UnsafeBufferPointer($0)) } }
    }

    /// The surprise at the token after each row; the last row of a window has none. Overwrites the logits.
    private func losses(of next: ArraySlice<Int32>, _ logits: Matrix) -> [Double] {
        let rows = zip(0..<logits.rows, next).map { row, token in
            logits.withRow(row) { values in
                var best = 0
                for place in values.indices where values[place] > values[best] { best = place }
                return (best: best, top: values[best], wanted: values[Int(token)])
            }
        }
        Operations.softmax(logits, on: model.pool)
        // ln Σ exp x = max x - ln(softmax at the maximum), so that an improbable token cannot underflow.
        return rows.enumerated().map { row, found in
            Double(found.top) - log(Double(logits[row, found.best])) - Double(found.wanted)
        }
    }
}
