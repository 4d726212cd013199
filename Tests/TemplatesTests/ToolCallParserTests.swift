import Templates
import Testing

@Suite struct ToolCallParserTests {
    private typealias Piece = ToolCallParser.Piece

    /// Feeds the parts and joins neighbouring pieces of one kind.
    private func parse(_ parts: [String], usesTools: Bool = true) -> [Piece] {
        var parser = ToolCallParser(template: .chatML, usesTools: usesTools) { "id\($0)" }
        var joined: [Piece] = []
        for piece in parts.flatMap({ parser.append($0) }) + parser.finish() {
            switch (joined.last, piece) {
            case (.content(let a), .content(let b)): joined[joined.count - 1] = .content(a + b)
            case (.reasoning(let a), .reasoning(let b)): joined[joined.count - 1] = .reasoning(a + b)
            default: joined.append(piece)
            }
        }
        return joined
    }

    private func expectEverySplit(_ text: String, usesTools: Bool = true, _ expected: [Piece]) {
        let scalars = text.unicodeScalars
        for cut in scalars.indices {
            let parts = [String(scalars[..<cut]), String(scalars[cut...])]
            #expect(parse(parts, usesTools: usesTools) == expected, "cut after \(parts[0].debugDescription)")
        }
        #expect(parse(scalars.map { String($0) }, usesTools: usesTools) == expected)
    }

    @Test func reasoningAnswerAndCalls() {
        expectEverySplit(
            "\n<think>\n想 a<b</think>\n\n看 <tool_call>\n{\"name\": \"f\", \"arguments\": {\"城\": \"北京\"}}\n</tool_call>\n"
                + "<tool_call>{\"name\": \"g\"}</tool_call>",
            [
                .reasoning("想 a<b"), .content("看 "), .toolCallStarted(index: 0, id: "id0", name: "f"),
                .toolCallArguments(index: 0, fragment: #"{"城":"北京"}"#),
                .toolCallStarted(index: 1, id: "id1", name: "g"), .toolCallArguments(index: 1, fragment: "{}"),
            ])
    }

    @Test(arguments: [
        "<tool_call>{\"name\": }</tool_call> and on", "<tool_call>{\"name\": \"f\"", "a < b <tool", " plain <think>",
        "<tool_call>[1]</tool_call>", "<thin air",
    ])
    func whatIsBrokenComesBackAsContent(text: String) { expectEverySplit(text, [.content(text)]) }

    @Test func withoutToolsAMarkerIsText() {
        expectEverySplit("<tool_call>x</tool_call>", usesTools: false, [.content("<tool_call>x</tool_call>")])
    }

    @Test func endlessCallIsBounded() {
        let text = "<tool_call>" + String(repeating: "x", count: ToolCallParser.callBytesMax + 1)
        #expect(parse([text]) == [.content(text)])
    }
}
