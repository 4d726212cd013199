import Assistant
import Inference
import Templates
import Testing

/// Tokens to events, without an engine.
@Suite struct AnswerWriterTests {
    /// The bytes of a text are its tokens: every character of Chinese is three of them.
    private func events(
        _ text: String, stops: [String] = [], usesTools: Bool = false, isScored: Bool = false
    ) throws -> [AnswerEvent] {
        let tokenizer = try TinyModel.tokenizer()
        var writer = AnswerWriter(
            tokenizer: tokenizer, stops: stops, parser: ToolCallParser(template: .chatML, usesTools: usesTools),
            droppedTurns: 2)
        writer.started(promptTokens: 7, cachedTokens: 3)
        var events = [writer.start()]
        for (place, byte) in text.utf8.enumerated() where !writer.hasStopped {
            let score = isScored ? TokenScore(id: Int32(byte), logProbability: -Float(place), alternatives: []) : nil
            events += writer.token(Int32(byte), score: score, seconds: 0.5 + Double(place) * 0.25)
        }
        return events + writer.finish(.stop)
    }

    private func text(_ events: [AnswerEvent]) -> [String] {
        events.compactMap { if case .text(let text, _) = $0 { text } else { nil } }
    }

    @Test func charactersComeWhole() throws {
        let pieces = try text(events("丹炉 ok"))
        #expect(pieces.joined() == "丹炉 ok")
        #expect(pieces.allSatisfy { !$0.contains("\u{FFFD}") })
        #expect(pieces.first == "丹")
    }

    @Test func halfACharacterAtTheEndIsLeftOut() throws {
        var writer = AnswerWriter(tokenizer: try TinyModel.tokenizer(), stops: [], parser: nil, droppedTurns: 0)
        let bytes = Array("ok 丹".utf8).dropLast()
        let events = bytes.flatMap { writer.token(Int32($0), score: nil, seconds: 0) } + writer.finish(.length)
        #expect(text(events).joined() == "ok ")
    }

    @Test func nothingOfAStopStringComesOut() throws {
        let events = try events("看。停止了", stops: ["停止"])
        #expect(text(events).joined() == "看。")
        guard case .finished(let end) = events.last else { throw Missing() }
        // "看。停止" is twelve bytes; the rest was not asked for.
        #expect(end.reason == .stop && end.usage.completion == 12)
    }

    @Test func whatLooksLikeTheStartOfAStopIsKeptAtTheEnd() throws {
        #expect(try text(events("ends in EN", stops: ["END"])).joined() == "ends in EN")
    }

    @Test func usageCountsAndTimes() throws {
        guard case .started(let start) = try events("abcde").first, case .finished(let end) = try events("abcde").last
        else { throw Missing() }
        #expect(start.promptTokens == 7 && start.cachedTokens == 3 && start.droppedTurns == 2)
        #expect(
            end.usage
                == AnswerTokens(prompt: 7, cached: 3, completion: 5, firstTokenSeconds: 0.5, tokensPerSecond: 4))
    }

    @Test func everyScoredTokenComesOutOnce() throws {
        let events = try events("好 a停", stops: ["停"], isScored: true)
        let scored = events.flatMap { if case .text(_, let scored) = $0 { scored } else { [ScoredToken]() } }
        #expect(scored.map(\.id) == "好 a停".utf8.map(Int32.init))
        #expect(scored.compactMap(\.logProbability) == (0..<8).map { -Double($0) })
        #expect(scored.map(\.bytes) == "好 a停".utf8.map { [$0] })
    }

    @Test func toolCallsAreTakenApart() throws {
        let call = #"Let me see.<tool_call>{"name": "weather", "arguments": {"city": "北京"}}</tool_call>"#
        let events = try events(call, usesTools: true)
        #expect(text(events).joined() == "Let me see.")
        let names = events.compactMap { if case .toolCallStarted(_, _, let name) = $0 { name } else { nil } }
        #expect(names == ["weather"])
        let arguments = events.compactMap { if case .toolCallArguments(_, let text) = $0 { text } else { nil } }
            .joined()
        #expect(arguments.filter { $0 != " " } == #"{"city":"北京"}"#)
        guard case .finished(let end) = events.last else { throw Missing() }
        #expect(end.reason == .toolCalls)
    }

    private struct Missing: Error {}
}
