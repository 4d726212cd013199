import Evaluation
import Testing

@Suite struct JudgeTests {
    private func judge(_ answer: @escaping @Sendable (_ first: String, _ second: String) -> String) -> Judge {
        Judge(
            .model(
                ScriptedModel(answer: { prompt in
                    guard case .chat(let messages) = prompt, let text = messages.last?.content else { return "" }
                    let parts = text.split(separator: "\n").map(String.init)
                    guard let first = parts.firstIndex(of: "<answer-A>"),
                        let second = parts.firstIndex(of: "<answer-B>")
                    else { return "" }
                    return answer(parts[first + 1], parts[second + 1])
                })))
    }

    private static let pairs: [(question: String, before: String, after: String)] = (0..<10).map {
        ("Which?", "bad\($0)", "good\($0)")
    }

    @Test func placesAreExchanged() async throws {
        let fair = try await judge { first, _ in first.hasPrefix("good") ? "A." : "B, the second" }
            .compare(Self.pairs)
        #expect(fair.wins == 10 && fair.losses == 0 && fair.ties == 0 && fair.winRate == 1)
        let lazy = try await judge { _, _ in "A" }.compare(Self.pairs)
        #expect(lazy.ties == 10 && lazy.byPlace == 10 && lazy.winRate == 0.5)
        #expect(lazy.isLedByPlace && !fair.isLedByPlace)
        let undecided = try await judge { _, _ in "C" }.compare(Self.pairs)
        #expect(undecided.ties == 10 && undecided.byPlace == 0)
        let mute = try await judge { _, _ in "because" }.compare(Self.pairs)
        #expect(mute.ties == 10)
    }
}
