import Assistant
import Dialogue
import Foundation
import Inference
import Testing

/// Assistants with a draft model.
@Suite struct DraftTests {
    private func answer(_ assistant: Assistant) async throws -> String {
        var request = CompletionRequest(prompt: .text("one two three one two"), tokensMax: 60)
        request.sampling = .greedy
        var text = ""
        for try await event in try await assistant.complete(request) {
            if case .text(let piece, _) = event { text += piece }
        }
        await assistant.drain(secondsMax: 1)
        return text
    }

    @Test func theAnswerIsTheSameWithAny() async throws {
        let (tiny, other) = (try TinyModel(), try TinyModel(seed: 2))
        defer {
            tiny.remove()
            other.remove()
        }
        let plain = try await answer(tiny.load { $0.speculation = .off })
        #expect(!plain.isEmpty)
        for draft in [nil, tiny.folder.path, other.folder.path] {
            #expect(try await answer(tiny.load { $0.draftPath = draft }) == plain)
        }
    }

    @Test func anotherVocabularyIsRefused() throws {
        let (tiny, other) = (try TinyModel(), try TinyModel())
        defer {
            tiny.remove()
            other.remove()
        }
        let file = other.folder.appending(path: "tokenizer.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("<|im_start|>", with: "<|my_start|>").write(to: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: AssistantError.self) {
            _ = try tiny.load { $0.draftPath = other.folder.path }
        }
        let message = "\(try #require(error))"
        #expect(message.contains("token 257") && message.contains("<|my_start|>") && message.contains("<|im_start|>"))
        // Where no draft is wanted, none is read.
        _ = try tiny.load {
            $0.draftPath = other.folder.path
            $0.speculation = .lookup
        }
    }
}
