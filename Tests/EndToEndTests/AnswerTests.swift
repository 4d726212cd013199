import Assistant
import Dialogue
import Foundation
import Inference
import Testing

/// A real model from its file to its answers.
@Suite(.enabled(if: RealModel.path != nil, RealModel.isHere), .serialized, .timeLimit(.minutes(5)))
struct AnswerTests {
    private func ask(
        _ question: String, tokensMax: Int = 24, sampling: SamplingParameters = .greedy, stops: [String] = []
    ) async throws -> Answer {
        let request = ChatRequest(
            messages: [Message(role: .user, content: question)], sampling: sampling, tokensMax: tokensMax, stops: stops)
        return try await Answer(RealModel.assistant().chat(request))
    }

    /// One of the questions whose answer is not close to a tie, so that rounding cannot turn it.
    @Test func knowsACapital() async throws {
        let answer = try await ask("What is the capital of Japan?")
        #expect(answer.text.contains("Tokyo"), "\(answer.text)")
        #expect(answer.end?.reason == .stop)
        #expect(answer.end?.usage.completion ?? 0 > 0)
    }

    @Test func followsTheConversation() async throws {
        let messages = [
            Message(role: .system, content: "You are a helpful assistant."),
            Message(role: .user, content: "My name is Alice."),
            Message(role: .assistant, content: "Hello Alice, nice to meet you!"),
            Message(role: .user, content: "What is my name?"),
        ]
        let stream = try await RealModel.assistant().chat(
            ChatRequest(messages: messages, sampling: .greedy, tokensMax: 24))
        #expect(try await Answer(stream).text.contains("Alice"))
    }

    @Test func greedyAndSeededAnswersRepeat() async throws {
        let question = "Write one sentence about the sea."
        #expect(try await ask(question).text == ask(question).text)
        var sampling = SamplingParameters()
        sampling.seed = 42
        let first = try await ask(question, sampling: sampling).text
        #expect(try await ask(question, sampling: sampling).text == first)
        sampling.seed = 43
        #expect(try await ask(question, sampling: sampling).text != first)
    }

    @Test func aBatchGivesWhatEachGivesAlone() async throws {
        let questions = ["Name a colour.", "What is two plus two?", "Say hello in French.", "Who wrote Hamlet?"]
        var alone: [String] = []
        for question in questions { alone.append(try await ask(question).text) }
        let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for (place, question) in questions.enumerated() {
                group.addTask { (place, try await ask(question).text) }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        for (place, text) in alone.enumerated() { #expect(together[place] == text) }
    }

    @Test func aStopStringIsNotShown() async throws {
        let whole = try await ask("Count from one to ten in words.", tokensMax: 40).text
        let stop = String(whole.suffix(whole.count / 2).prefix(4))
        let stopped = try await ask("Count from one to ten in words.", tokensMax: 40, stops: [stop])
        #expect(stopped.text == whole.components(separatedBy: stop)[0])
        #expect(stopped.end?.reason == .stop)
    }

    @Test func piecesAreTheTokensBytesInWholeCharacters() async throws {
        var sampling = SamplingParameters.greedy
        sampling.logprobs = 0
        let answer = try await ask("Repeat exactly: 你好，世界！😀 ñandú", tokensMax: 40, sampling: sampling)
        #expect(answer.pieces.count > 1)
        #expect(answer.pieces.allSatisfy { !$0.isEmpty || answer.pieces.last == $0 })
        let bytes = answer.scored.flatMap(\.bytes)
        // The limit may cut the last character; it is left out.
        #expect(bytes.count - answer.text.utf8.count < 4)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(answer.text))
    }

    @Test func scoresAreProbabilities() async throws {
        var sampling = SamplingParameters.greedy
        sampling.logprobs = 5
        let answer = try await ask("What is the capital of Japan?", sampling: sampling)
        #expect(answer.scored.count == answer.end?.usage.completion)
        for token in answer.scored {
            let best = try #require(token.alternatives.first)
            #expect(token.alternatives.count == 5)
            // Greedy: the chosen token is the best one.
            #expect(best.bytes == token.bytes && best.logProbability == token.logProbability)
            #expect(token.alternatives.reduce(0) { $0 + exp($1.logProbability) } <= 1.0001)
        }
    }

    @Test func aPromptBeyondTheContextIsRefusedOrShortened() async throws {
        let filler = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 60)
        var messages: [Message] = []
        for _ in 0..<6 {
            messages += [Message(role: .user, content: filler), Message(role: .assistant, content: "I see.")]
        }
        messages.append(Message(role: .user, content: "What is the capital of France?"))
        var request = ChatRequest(messages: messages, sampling: .greedy, tokensMax: 24)
        do {
            _ = try await RealModel.assistant().chat(request)
            Issue.record("a prompt of thousands of tokens was taken")
        } catch AssistantError.contextExceeded(let prompt, let context) {
            #expect(prompt > context && context == 2048)
        }
        request.overflow = .dropOldestTurns
        let answer = try await Answer(RealModel.assistant().chat(request))
        #expect(answer.start?.droppedTurns ?? 0 > 0)
        #expect(answer.end?.usage.prompt ?? 4096 < 2048)
    }

    @Test func theNextTurnReusesTheCache() async throws {
        let question = "Tell me about the history of the city of Rome, in one sentence. Use simple words, please."
        let first = try await ask(question)
        let messages = [
            Message(role: .user, content: question), Message(role: .assistant, content: first.text),
            Message(role: .user, content: "And Paris?"),
        ]
        let second = try await Answer(
            RealModel.assistant().chat(ChatRequest(messages: messages, sampling: .greedy, tokensMax: 4)))
        #expect(second.end?.usage.cached ?? 0 >= 32)
    }
}
