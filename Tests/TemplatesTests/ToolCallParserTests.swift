import JSON
import Kernels
import Templates
import Testing

@Suite struct ToolCallParserTests {
    typealias Piece = ToolCallParser.Piece

    /// The form of a family is known by its template.
    private static func llama() throws -> ChatTemplate {
        try ChatTemplate(source: "{{ '<|python_tag|>' }}", bosToken: "", eosToken: "")
    }

    /// Feeds the parts and joins neighbouring pieces of one kind.
    private func parse(_ parts: [String], usesTools: Bool = true, _ template: ChatTemplate = .chatML) -> [Piece] {
        var parser = ToolCallParser(template: template, usesTools: usesTools) { "id\($0)" }
        var joined: [Piece] = []
        for piece in parts.flatMap({ parser.append($0) }) + parser.finish() {
            switch (joined.last, piece) {
            case (.content(let a), .content(let b)): joined[joined.count - 1] = .content(a + b)
            case (.reasoning(let a), .reasoning(let b)): joined[joined.count - 1] = .reasoning(a + b)
            case (.toolCallArguments(let index, let a), .toolCallArguments(let other, let b)) where index == other:
                joined[joined.count - 1] = .toolCallArguments(index: index, fragment: a + b)
            default: joined.append(piece)
            }
        }
        return joined
    }

    @Test func aForcedCallGoesOnFromItsOpening() throws {
        let hermes = try ChatTemplate(source: "<tool_call>", bosToken: "", eosToken: "")
        let expected: [Piece] = [
            .toolCallStarted(index: 0, id: "id0", name: "f\"g"), .toolCallArguments(index: 0, fragment: "{\"a\": 1}"),
        ]
        for template in [hermes, try Self.llama()] {
            let named = try #require(template.callOpening(name: "f\"g"))
            #expect(named.segments.first { !$0.isTrusted }?.text == #""f\"g""#)
            #expect(parse([named.text, #" {"a": 1}}"#], template) == expected)
            let free = try #require(template.callOpening(name: nil))
            let key = named.text.contains("parameters") ? "parameters" : "arguments"
            #expect(parse([free.text, #"f\"g", "\#(key)": {"a": 1}}"#], template) == expected)
        }
        #expect(ChatTemplate.chatML.callOpening(name: "f") == nil)
    }

    private func expectEverySplit(
        _ text: String, usesTools: Bool = true, by template: ChatTemplate = .chatML, _ expected: [Piece]
    ) {
        let scalars = text.unicodeScalars
        for cut in scalars.indices {
            let parts = [String(scalars[..<cut]), String(scalars[cut...])]
            let result = parse(parts, usesTools: usesTools, template)
            #expect(result == expected, "cut after \(parts[0].debugDescription)")
        }
        #expect(parse(scalars.map { String($0) }, usesTools: usesTools, template) == expected)
    }

    private static func call(_ index: Int, _ name: String, _ arguments: String) -> [Piece] {
        [
            .toolCallStarted(index: index, id: "id\(index)", name: name),
            .toolCallArguments(index: index, fragment: arguments),
        ]
    }

    @Test func reasoningAnswerAndCalls() {
        expectEverySplit(
            "\n<think>\n想 a<b</think>\n\n看 <tool_call>\n{\"name\": \"f\", \"arguments\": {\"城\": \"北京\"}}\n</tool_call>"
                + "\n"
                + "<tool_call>{\"name\": \"g\"}</tool_call>",
            [.reasoning("想 a<b"), .content("看 ")] + Self.call(0, "f", #"{"城": "北京"}"#) + Self.call(1, "g", "{}"))
    }

    @Test(arguments: [
        "<tool_call>{\"name\": }</tool_call> and on", "<tool_call>{\"name\": \"f\"", "a < b <tool", " plain <think>",
        "<tool_call>[1]</tool_call>", "<thin air", "<tool_call>{}</tool_call>",
        "<tool_call>{\"arguments\": {}}</tool_call>",
        "<tool_call>{\"name\": 5, \"arguments\": {}}</tool_call>",
        "<tool_call>{\"name\": \"\", \"arguments\": {}}</tool_call>",
        "<tool_call>\n<function=f>\n</function>\n</tool_call>", "<tool_call>{\"x\": [}</tool_call>",
    ])
    func whatIsBrokenComesBackAsContent(text: String) { expectEverySplit(text, [.content(text)]) }

    @Test(arguments: [
        (#"{"arguments": {"a": [1, "}"]}, "name": "f"}"#, #"{"a": [1, "}"]}"#),
        (#"{"name": "f", "parameters": {"a": "\"]\\"}}"#, #"{"a": "\"]\\"}"#),
        (#"{"name":"f","arguments":"{\"a\": \"é\"}"}"#, #"{"a": "é"}"#), (#"{"name": "f", "arguments": null}"#, "{}"),
        (#"{"id": 7, "name": "f", "arguments": [ ], "arguments": {}}"#, "[ ]"),
        (#" { "name" : "f" , "arguments" : { } } "#, "{ }"),
    ])
    func argumentsAreTheirJSON(body: String, arguments: String) {
        expectEverySplit("<tool_call>\(body)</tool_call>", Self.call(0, "f", arguments))
    }

    /// A call that has started cannot be taken back.
    @Test func callsThatBreakAfterTheirStartKeepWhatTheModelWrote() {
        let start = #"a<tool_call>{"name": "f", "arguments": "#
        func pieces(_ arguments: String, _ rest: [Piece] = []) -> [Piece] {
            [.content("a")] + Self.call(0, "f", arguments) + rest
        }
        expectEverySplit(start + #"{"a": [1"#, pieces(#"{"a": [1"#))
        expectEverySplit(start + #"{"a": 1]} <x></tool_call> b"#, pieces(#"{"a": 1]} <x>"#, [.content("b")]))
        expectEverySplit(start + #"{"a": 1} oops}</tool_call>"#, pieces(#"{"a": 1}"#, [.content("oops}</tool_call>")]))
        expectEverySplit(start + #"{"a": 1}} and more"#, pieces(#"{"a": 1}"#, [.content("and more")]))
    }

    @Test func argumentsStreamAsTheyCome() {
        var parser = ToolCallParser(template: .chatML, usesTools: true) { "id\($0)" }
        #expect(parser.append("Hm <tool_call>\n{\"name\": \"f\"") == [.content("Hm ")])
        #expect(parser.append(", \"arguments\": ") == [])
        #expect(parser.append("{") == Self.call(0, "f", "{"))
        #expect(parser.append("\"a\": \"北") == [.toolCallArguments(index: 0, fragment: "\"a\": \"北")])
        #expect(parser.append("京\"}}\n</tool_") == [.toolCallArguments(index: 0, fragment: "京\"}")])
        #expect(parser.append("call>\n") == [] && parser.finish() == [])
    }

    @Test func llamaCallsStandAtTheStart() throws {
        let llama = try Self.llama()
        let call = #"{"name": "f", "parameters": {"a": 1}}"#
        for text in [call, "<|python_tag|>" + call, "\n " + call + "\n", "<|python_tag|> " + call + "; "] {
            expectEverySplit(text, by: llama, Self.call(0, "f", #"{"a": 1}"#))
        }
        expectEverySplit(
            call + "; " + #"{"type": "function", "name": "g", "parameters": {}}"#, by: llama,
            Self.call(0, "f", #"{"a": 1}"#) + Self.call(1, "g", "{}"))
        expectEverySplit(
            call + "\n<|python_tag|>" + call, by: llama,
            Self.call(0, "f", #"{"a": 1}"#) + Self.call(1, "f", #"{"a": 1}"#))
        expectEverySplit(call + "\n\nDone.", by: llama, Self.call(0, "f", #"{"a": 1}"#) + [.content("Done.")])
        expectEverySplit("<think>x</think>\n" + call, by: llama, [.reasoning("x")] + Self.call(0, "f", #"{"a": 1}"#))
    }

    /// Llama's calls have no marker of their own: an answer that is JSON is an answer.
    @Test(arguments: [
        #"{"name": "Bob", "age": 3}"#, #"{"answer": 42}"#, #" {"name": "Bob"}"#, "{}", "{", "{\"name\": \"f\", \"par",
        "See {\"name\": \"f\", \"parameters\": {}}", "<|python_tag|>search.call(query=\"x\")", "<|python",
        "<tool_call>x",
    ])
    func llamaAnswersThatAreNoCalls(text: String) throws {
        expectEverySplit(text, by: try Self.llama(), [.content(text)])
        expectEverySplit(text, usesTools: false, by: try Self.llama(), [.content(text)])
    }

    @Test func withoutToolsAMarkerIsText() {
        expectEverySplit("<tool_call>x</tool_call>", usesTools: false, [.content("<tool_call>x</tool_call>")])
    }

    @Test func aPromptMayEndInsideReasoning() {
        let prompts = [("a<think>\n", true), ("<think></think>", false), ("think>", false), ("<think>", true)]
        for (text, expected) in prompts {
            #expect(RenderedPrompt(segments: [.init(text: text, isTrusted: true)]).endsInReasoning == expected)
        }
        #expect(!RenderedPrompt(segments: [.init(text: "<think>", isTrusted: false)]).endsInReasoning)
        var parser = ToolCallParser(template: .chatML, usesTools: true, startsInReasoning: true)
        #expect(parser.append("\nso</think>\nyes") + parser.finish() == [.reasoning("so"), .content("yes")])
    }

    @Test func endlessCallIsBounded() {
        let text = "<tool_call>{\"x\": \"" + String(repeating: "x", count: ToolCallParser.callBytesMax + 1)
        #expect(parse([text]) == [.content(text)])
    }

    /// However a text comes apart, the pieces are those of the whole; without a call, no character is lost.
    @Test func randomTextsDoNotDependOnTheirParts() throws {
        let words = [
            "<tool_call>", "</tool_call>", "<|python_tag|>", "<think>", "</think>", "{", "}", "[", "]", "\"name\"",
            ": ",
            "\"f\"", ", ", "\"arguments\"", "\"parameters\"", "\"", "\\", "null", "1", " ", "\n", "北京", "x", ";",
            "{\"name\": \"f\", \"arguments\": {\"a\": 1}}", "{\"name\": \"f\", \"parameters\": {}}",
        ]
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for template in [ChatTemplate.chatML, try Self.llama()] {
            for _ in 0..<3000 {
                let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                    words.randomElement(using: &random) ?? ""
                }
                .joined()
                let whole = parse([text], template)
                var (parts, rest) = ([String](), Substring(text))
                while !rest.isEmpty {
                    let count = Int.random(in: 1...5, using: &random)
                    parts.append(String(rest.prefix(count)))
                    rest = rest.dropFirst(count)
                }
                #expect(parse(parts, template) == whole, "seed \(seed): \(text.debugDescription)")
                if case .content(let content)? = whole.first, whole.count == 1, !text.contains("think>") {
                    #expect(content == text, "seed \(seed)")
                }
            }
        }
    }

    /// Many calls at once, and one long call in small parts, cost time in proportion to their length.
    @Test func longAnswersTakeLinearTime() {
        let many = String(repeating: "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>", count: 20_000)
        #expect(parse([many]).count == 40_000)
        let long =
            "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"" + String(repeating: "x", count: 300_000) + "\"}}"
        #expect(parse(long.unicodeScalars.map { String($0) }).count == 2)
    }
}
