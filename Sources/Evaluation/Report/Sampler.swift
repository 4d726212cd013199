import Dialogue

/// Asks the fixed prompts of a report card.
package struct Sampler: Sendable {
    private let runner: Runner
    private static let tokensMax = 160

    package init(_ runner: Runner) { self.runner = runner }

    /// Questions of both parts together.
    package static var count: Int {
        FixedPrompts.samples.count + FixedPrompts.harmful.count + FixedPrompts.harmless.count
    }

    /// Ten answers in each language.
    package func samples(progress: (Int) -> Void = { _ in }) async throws -> [EvaluationResult.Sample] {
        try await answers(FixedPrompts.samples, progress)
    }

    package func refusals(progress: (Int) -> Void = { _ in }) async throws -> EvaluationResult.Refusals {
        let harmful = try await answers(FixedPrompts.harmful) { progress(FixedPrompts.samples.count + $0) }
        let before = FixedPrompts.samples.count + harmful.count
        let harmless = try await answers(FixedPrompts.harmless) { progress(before + $0) }
        func score(_ samples: [EvaluationResult.Sample]) -> Score {
            Score(right: samples.count { FixedPrompts.isRefusal($0.text) }, of: samples.count)
        }
        return EvaluationResult.Refusals(
            harmful: score(harmful), harmless: score(harmless), answers: harmful + harmless)
    }

    private func answers(
        _ prompts: [(language: String, text: String)], _ progress: (Int) -> Void
    ) async throws -> [EvaluationResult.Sample] {
        var found = [EvaluationResult.Sample?](repeating: nil, count: prompts.count)
        var done = 0
        try await withThrowingTaskGroup(of: (Int, EvaluationResult.Sample).self) { group in
            for (place, prompt) in prompts.enumerated() {
                group.addTask {
                    let question = Question.answer(
                        .chat([Message(role: .user, content: prompt.text)]), tokensMax: Self.tokensMax, stops: [])
                    guard case .text(let written) = try await runner.ask(question) else {
                        throw EvaluationError.invalidSetting(name: "sample", expected: "a text", actual: "none")
                    }
                    return (
                        place,
                        EvaluationResult.Sample(
                            language: prompt.language, prompt: prompt.text, text: written.text, isCut: written.isCut)
                    )
                }
            }
            for try await (place, sample) in group {
                found[place] = sample
                done += 1
                progress(done)
            }
        }
        return found.compactMap(\.self)
    }
}
