import Evaluation
import Foundation
import Testing

@Suite struct ComparisonTests {
    private func model() throws -> EvaluationResult.Model {
        let folder = try TemporaryFolder()
        let path = try folder.write("weights", to: "model.gguf")
        return EvaluationResult.Model(
            name: "m", path: path, architecture: "llama", parameters: 1, quantization: "F32", adapters: [],
            identity: try ModelIdentity(path: path))
    }

    private func result(_ right: Set<Int>, of count: Int = 200, name: String = "t") async throws -> EvaluationResult {
        let items = (0..<count).map { place in
            EvaluationItem(
                id: "\(place)",
                work: .choice(context: "\(place)", delimiter: " ", choices: ["a", "b"], answer: 0))
        }
        let model = ScriptedModel { context, continuation in
            (continuation == " a") == right.contains(Int(context) ?? -1) ? -1 : -2
        }
        let task = try await Runner(model: model)
            .run(EvaluationTask(name: name, metric: .accuracy, items: items), seed: 1)
        return EvaluationResult(
            version: "0", model: try self.model(), seed: 1, limit: nil, tasks: [task],
            date: Date(timeIntervalSince1970: 0))
    }

    @Test func saysBetterWorseOrCannotTell() async throws {
        let weak = try await result(Set(0..<100))
        let strong = try await result(Set(0..<130))
        let other = try await result(Set(2..<103))
        #expect(Comparison(weak, strong).tasks.first?.verdict == .better)
        #expect(Comparison(strong, weak).tasks.first?.verdict == .worse)
        #expect(Comparison(weak, other).tasks.first?.verdict == .cannotTell)
        #expect(Comparison(weak, weak).tasks.first?.probability == 1)
        let difference = try #require(Comparison(weak, strong).tasks.first?.difference)
        #expect(abs(difference - 0.15) < 1e-9)
    }

    @Test func differentQuestionsAreNotCompared() async throws {
        let some = try await result(Set(0..<100))
        let fewer = try await result(Set(0..<50), of: 100)
        #expect(Comparison(some, fewer).tasks.first?.verdict == .differentQuestions)
        #expect(Comparison(some, try await result(Set(0..<100), name: "u")).tasks.isEmpty)
    }

    @Test func resultsComeBackFromFiles() async throws {
        let folder = try TemporaryFolder()
        let saved = try await result(Set(0..<9), of: 12)
        let path = try folder.write(try saved.json(), to: "result.json")
        #expect(try EvaluationResult(file: path) == saved)
        #expect(throws: EvaluationError.self) { try EvaluationResult(file: try folder.write("{}", to: "no.json")) }
    }

    @Test func theCardSaysWhatIsNotAboveChance() async throws {
        let folder = try TemporaryFolder()
        let before = try await result(Set(0..<100))
        var after = try await result(Set(0..<104))
        after.model.name = "<b>|evil"
        after.contamination = [.init(name: "gsm8k", value: "0 of 1319")]
        let card = ReportCard(after, before: before)
        #expect(card.failures.contains { $0.contains("not above chance") })
        #expect(card.markdown.contains("not above chance") && card.markdown.contains("cannot tell"))
        #expect(card.markdown.contains("0 of 1319") && card.markdown.contains("\\|evil"))
        #expect(card.html.contains("&lt;b&gt;|evil") && !card.html.contains("<b>|evil"))
        #expect(card.html.contains("<svg") && !card.html.contains("<script"))
        try card.write(to: "\(folder.path)/card")
        #expect(try EvaluationResult(file: "\(folder.path)/card/report.json").model.name == after.model.name)
    }
}
