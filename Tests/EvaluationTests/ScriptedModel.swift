import Evaluation
import Synchronization

/// A model whose answers a test writes; it counts what it is asked.
final class ScriptedModel: EvaluatedModel {
    let identity: String
    private let asked = Atomic(0)
    private let scored: @Sendable (_ context: String, _ continuation: String) -> Double
    private let written: @Sendable (_ prompt: Prompt) -> String

    init(
        identity: String = "scripted", score: @escaping @Sendable (String, String) -> Double = { _, _ in -1 },
        answer: @escaping @Sendable (Prompt) -> String = { _ in "" }
    ) {
        self.identity = identity
        scored = score
        written = answer
    }

    var questions: Int { asked.load(ordering: .relaxed) }

    func score(_ continuation: String, after context: String) async throws -> ContinuationScore {
        asked.wrappingAdd(1, ordering: .relaxed)
        return ContinuationScore(logProbability: scored(context, continuation), tokens: 1, isGreedy: true)
    }

    func bits(of text: String, windowTokens: Int) async throws -> TextBits {
        asked.wrappingAdd(1, ordering: .relaxed)
        return TextBits(bits: 2 * Double(text.utf8.count), bytes: text.utf8.count)
    }

    func answer(_ prompt: Prompt, tokensMax: Int, stops: [String]) async throws -> GeneratedText {
        asked.wrappingAdd(1, ordering: .relaxed)
        return GeneratedText(text: written(prompt), isCut: false)
    }
}
