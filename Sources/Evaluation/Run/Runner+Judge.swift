import Foundation

extension Runner {
    /// Programs run one after another: beside others they would seem slow.
    private static let programs = DispatchQueue(label: "danlu.evaluation.programs")

    func judge(
        _ item: EvaluationItem, _ written: GeneratedText, _ check: AnswerCheck
    ) async throws -> ItemResult {
        var result = ItemResult(
            id: item.id, group: item.group, score: 0, answer: written.text, isCut: written.isCut)
        switch check {
        case .lastNumber(let number):
            result.score = Numbers.last(in: written.text) == Numbers.plain(number) ? 1 : 0
        case .exactly(let text):
            result.score = written.text.trimmingCharacters(in: .whitespacesAndNewlines) == text ? 1 : 0
        case .rules(let rules):
            let broken = rules.filter { !$0.isKept(by: written.text) }
            result.score = broken.isEmpty ? 1 : 0
            if !broken.isEmpty { result.answer += "\n[\(broken.map(\.name).joined(separator: ", "))]" }
        case .program(let code, let tests):
            switch try await run("\(code)\(written.text)\n\(tests)") {
            case .passed: result.score = 1
            case .failed(let reason): result.answer += "\n[\(reason)]"
            case .timedOut: result.answer += "\n[timed out]"
            }
        case .judge:
            result.score = nil
            if case .generation(.chat(let messages), _, _, _) = item.work { result.question = messages.last?.content }
        }
        return result
    }

    private func run(_ program: String) async throws -> CodeSandbox.Outcome {
        guard let sandbox else { throw EvaluationError.noSandbox(reason: "none was made") }
        return try await withCheckedThrowingContinuation { continuation in
            Self.programs.async {
                continuation.resume(with: Result { try sandbox.run(program) })
            }
        }
    }
}
