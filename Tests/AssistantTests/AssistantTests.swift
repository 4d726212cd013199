import Assistant
import Dialogue
import Inference
import Testing

/// Everything from text to text on a tiny model: real engine, real tokenizer, random weights.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct AssistantTests {
    /// Ends of turn are forbidden, so that lengths are known.
    private func sampling(temperature: Float = 0, seed: UInt64? = nil) -> SamplingParameters {
        var sampling = SamplingParameters()
        sampling.temperature = temperature
        sampling.seed = seed
        sampling.logitBias = [256: -100, 257: -100, 258: -100, 259: -100]
        return sampling
    }

    private func request(
        _ text: String, tokensMax: Int? = 24, temperature: Float = 0, seed: UInt64? = nil
    ) -> ChatRequest {
        ChatRequest(
            messages: [Message(role: .user, content: text)], sampling: sampling(temperature: temperature, seed: seed),
            tokensMax: tokensMax)
    }

    private func collect(_ stream: AnswerStream) async throws -> (text: String, end: AnswerEnd?, scored: [ScoredToken])
    {
        var text = ""
        var end: AnswerEnd?
        var scored: [ScoredToken] = []
        for try await event in stream {
            switch event {
            case .text(let piece, let tokens):
                text += piece
                scored += tokens
            case .finished(let last): end = last
            default: break
            }
        }
        return (text, end, scored)
    }

    private func with(
        _ change: (inout AssistantOptions) -> Void = { _ in }, _ body: (Assistant) async throws -> Void
    ) async throws {
        let tiny = try TinyModel()
        defer { tiny.remove() }
        let assistant = try tiny.load(change)
        try await body(assistant)
        await assistant.drain(secondsMax: 1)
    }

    @Test func describesItself() async throws {
        try await with { assistant in
            #expect(assistant.name == "tiny")
            #expect(assistant.description.architecture == "llama")
            #expect(assistant.description.contextTokens == 256)
            #expect(assistant.description.trainedContextTokens == 256)
            let layer = 64 * 64 * 2 + 32 * 64 * 2 + 3 * 128 * 64 + 2 * 64
            #expect(assistant.description.parameters == TinyModel.vocabularySize * 64 + 2 * layer + 64)
        }
    }

    @Test func greedyAndSeededAnswersRepeat() async throws {
        try await with { assistant in
            let greedy = try await collect(assistant.chat(request("你好")))
            #expect(try await collect(assistant.chat(request("你好"))).text == greedy.text)
            #expect(greedy.end?.reason == .length && greedy.end?.usage.completion == 24)
            let seeded = try await collect(assistant.chat(request("你好", temperature: 1, seed: 5)))
            #expect(try await collect(assistant.chat(request("你好", temperature: 1, seed: 5))).text == seeded.text)
            #expect(try await collect(assistant.chat(request("你好", temperature: 1, seed: 6))).text != seeded.text)
        }
    }

    @Test func answersInABatchAreThoseGivenAlone() async throws {
        try await with { assistant in
            let questions = (0..<6).map { "question \($0) " + String(repeating: "x", count: $0 * 9) }
            var alone: [String] = []
            for question in questions { alone.append(try await collect(assistant.chat(request(question))).text) }
            let streams = try await questions.asyncMap { try await assistant.chat(request($0)) }
            var together = Array(repeating: "", count: questions.count)
            for try await (place, event) in AnswerStream.merged(streams) {
                if case .text(let text, _) = event { together[place] += text }
            }
            #expect(together == alone)
        }
    }

    @Test func aStopStringEndsTheAnswer() async throws {
        try await with { assistant in
            let whole = try await collect(assistant.chat(request("hello", tokensMax: 40))).text
            let stop = String(whole.dropFirst(whole.count / 2).prefix(1))
            let first = try #require(whole.firstIndex(of: Character(stop)))
            var wanted = request("hello", tokensMax: 40)
            wanted.stops = [stop]
            let stopped = try await collect(assistant.chat(wanted))
            #expect(stopped.text == whole[..<first])
            #expect(stopped.end?.reason == .stop)
        }
    }

    @Test func aPromptBeyondTheContextIsRefused() async throws {
        try await with { assistant in
            await #expect(throws: AssistantError.self) {
                _ = try await assistant.chat(request(String(repeating: "x", count: 300)))
            }
            await #expect(throws: AssistantError.contextExceeded(promptTokens: 256, contextTokens: 256)) {
                let prompt = CompletionRequest.Prompt.text(String(repeating: "x", count: 256))
                _ = try await assistant.complete(CompletionRequest(prompt: prompt))
            }
            // Without a limit of its own an answer fills the context and says so.
            let filled = try await collect(assistant.chat(request("x", tokensMax: nil)))
            #expect(filled.end?.reason == .length)
            #expect(filled.end.map { $0.usage.prompt + $0.usage.completion } == 256)
        }
    }

    @Test func anEmptyPromptIsContinuedFromTheStartToken() async throws {
        try await with { assistant in
            let stream = try await assistant.complete(
                CompletionRequest(prompt: .text(""), sampling: sampling(), tokensMax: 3))
            let end = try #require(try await collect(stream).end)
            #expect(end.usage.prompt == 1 && end.usage.completion == 3)
        }
    }

    @Test func promptsAndAnswersAreScored() async throws {
        try await with { assistant in
            var settings = sampling()
            settings.logprobs = 3
            let stream = try await assistant.complete(
                CompletionRequest(prompt: .text("abcd"), sampling: settings, tokensMax: 5, scoresPrompt: true))
            var prompt: [ScoredToken] = []
            var answer: [ScoredToken] = []
            for try await event in stream {
                if case .started(let start) = event { prompt = start.scoredPrompt }
                if case .text(_, let tokens) = event { answer += tokens }
            }
            #expect(prompt.map(\.text) == ["a", "b", "c", "d"])
            #expect(prompt.first?.logProbability == nil)
            #expect(prompt.dropFirst().allSatisfy { ($0.logProbability ?? 1) < 0 })
            #expect(answer.count == 5 && answer.allSatisfy { $0.alternatives.count == 3 })
        }
    }

    @Test func embeddingsHaveLengthOne() async throws {
        try await with { assistant in
            let (vectors, tokens) = try await assistant.embed([.text("你好"), .text("hello"), .text("你好")], owner: "")
            #expect(tokens == 6 + 5 + 6)
            #expect(vectors.count == 3 && vectors[0] == vectors[2] && vectors[0] != vectors[1])
            for vector in vectors { #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4) }
            await #expect(throws: AssistantError.self) { _ = try await assistant.embed([.text("")], owner: "") }
            await #expect(throws: AssistantError.self) { _ = try await assistant.embed([.tokens([-1])], owner: "") }
        }
    }

    @Test func aDeadlineAndALeaverEndTheWork() async throws {
        try await with { assistant in
            var wanted = request("x", tokensMax: nil)
            wanted.secondsMax = 0
            let late = wanted
            await #expect(throws: AssistantError.deadlineExceeded(seconds: 0)) {
                _ = try await collect(assistant.chat(late))
            }
            for try await event in try await assistant.chat(request("y", tokensMax: nil)) {
                if case .text = event { break }
            }
            // Both must have left the engine: it becomes idle long before the answers' 200 tokens are done.
            let deadline = ContinuousClock.now + .seconds(20)
            while assistant.statistics.running > 0, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(assistant.statistics.running == 0)
            #expect(assistant.statistics.finishedByCancellation == 2)
        }
    }

    @Test func anotherTurnReadsOnlyWhatIsNew() async throws {
        try await with { assistant in
            let question = String(repeating: "first question ", count: 6)
            let first = try await collect(assistant.chat(request(question, tokensMax: 8)))
            let messages = [
                Message(role: .user, content: question), Message(role: .assistant, content: first.text),
                Message(role: .user, content: "more"),
            ]
            let second = ChatRequest(messages: messages, sampling: sampling(), tokensMax: 4)
            let end = try #require(try await collect(assistant.chat(second)).end)
            #expect(end.usage.cached >= 64, "\(end.usage)")
        }
    }

    @Test func whatCannotBeLoadedSaysWhy() throws {
        let tiny = try TinyModel(template: "{% for %}")
        defer { tiny.remove() }
        do {
            _ = try tiny.load()
            Issue.record("a broken template was loaded")
        } catch {
            #expect("\(error)".contains("template"))
        }
        #expect(throws: AssistantError.self) { try TextModel(path: "/nowhere/model.gguf") }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
