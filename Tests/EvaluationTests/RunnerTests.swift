import Evaluation
import Foundation
import Testing

@Suite struct RunnerTests {
    static func choices(_ count: Int) -> EvaluationTask {
        let items = (0..<count).map { place in
            EvaluationItem(
                id: "\(place)", group: place % 2 == 0 ? "even" : "odd",
                work: .choice(
                    context: "q\(place)", delimiter: " ", choices: ["yes", "no no no"], answer: place % 2))
        }
        return EvaluationTask(name: "choices", metric: .accuracy, items: items)
    }

    @Test func theMostProbableChoiceCounts() async throws {
        // Always "yes" by probability; by characters always the longer one.
        let model = ScriptedModel { _, continuation in continuation == " yes" ? -3 : -4 }
        let result = try await Runner(model: model).run(Self.choices(20), seed: 1)
        #expect(result.score?.value == 0.5 && result.score?.chance == 0.5)
        #expect(result.score?.verdict == .notAboveChance)
        #expect(result.normalised?.value == 0.5)
        #expect(result.groups.map(\.name) == ["even", "odd"])
        #expect(result.groups.map(\.score.value) == [1, 0])
        #expect(result.items.map(\.answer) == Array(repeating: "yes", count: 20))
        #expect(model.questions == 40)
    }

    @Test func answersAreKept() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/answers.jsonl"
        let model = ScriptedModel { context, continuation in
            Double(context.hashValue % 7) - Double(continuation.count)
        }
        let first = try await Runner(model: model, log: try AnswerLog(path: path)).run(Self.choices(10), seed: 1)
        #expect(model.questions == 20)
        // A kill in the midst of a line loses that answer only.
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes.removeLast(9)
        try bytes.write(to: URL(filePath: path))
        let second = try await Runner(model: model, log: try AnswerLog(path: path)).run(Self.choices(10), seed: 1)
        #expect(model.questions == 21)
        #expect(first.items == second.items && first.score == second.score)
        // A third run finds all of them; another model's are its own.
        _ = try await Runner(model: model, log: try AnswerLog(path: path)).run(Self.choices(10), seed: 1)
        #expect(model.questions == 21)
        let other = ScriptedModel(identity: "other")
        _ = try await Runner(model: other, log: try AnswerLog(path: path)).run(Self.choices(10), seed: 1)
        #expect(other.questions == 20)
    }

    @Test func cancellingEndsIt() async throws {
        let model = ScriptedModel { _, _ in -1 }
        let work = Task { try await Runner(model: model).run(Self.choices(20_000), seed: 1).items.count }
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(model.questions < 40_000)
    }

    @Test func bitsAreWeighedByBytes() async throws {
        let items = ["a", "bcd", "天"].map { EvaluationItem(id: $0, work: .bits(text: $0)) }
        let result = try await Runner(model: ScriptedModel())
            .run(EvaluationTask(name: "bits", metric: .bitsPerByte, items: items), seed: 1)
        #expect(result.score?.value == 2 && result.score?.low == 2 && result.score?.verdict == nil)
        #expect(result.items.map(\.weight) == [1, 3, 3])
    }

    @Test func writtenAnswersAreChecked() async throws {
        func item(_ id: String, _ check: AnswerCheck) -> EvaluationItem {
            EvaluationItem(id: id, work: .generation(.text(id), tokensMax: 9, stops: [], check: check))
        }
        let items = [
            item("It is $1,234.", .lastNumber("1234")), item("7 or 8", .lastNumber("7")),
            item("  42 \n", .exactly("42")), item("- a\n- b", .rules([.listItems(2...2), .isLowercase])),
            item("- a", .rules([.listItems(2...2)])),
        ]
        let model = ScriptedModel(answer: { prompt in if case .text(let text) = prompt { text } else { "" } })
        let result = try await Runner(model: model)
            .run(EvaluationTask(name: "written", metric: .exactMatch, items: items), seed: 1)
        #expect(result.items.map(\.score) == [1, 0, 1, 1, 0])
    }
}
