import Dialogue
import Foundation
import JSON
import Testing
import danlu

/// The pure parts of a chat: commands, settings, input of several lines, conversations in files, history.
@Suite struct ChatPartsTests {
    @Test func commands() {
        #expect(ChatCommand("hello") == nil)
        #expect(ChatCommand("//etc") == nil)
        #expect(ChatCommand("/help") == .help)
        #expect(ChatCommand("/system  You are 丹炉. ") == .system("You are 丹炉."))
        #expect(ChatCommand("/system") == .system(nil))
        #expect(ChatCommand("/system none") == .system(""))
        #expect(ChatCommand("/set temperature 0.5") == .set(name: "temperature", value: "0.5"))
        #expect(ChatCommand("/set top-p=0.5") == .set(name: "top-p", value: "0.5"))
        #expect(ChatCommand("/set") == .showSettings)
        #expect(ChatCommand("/set x") == .lacks("/set NAME VALUE"))
        #expect(ChatCommand("/save a b.json") == .save("a b.json"))
        #expect(ChatCommand("/save") == .lacks("/save FILE"))
        #expect(ChatCommand("/nope x") == .unknown("/nope"))
        for name in ChatCommand.names {
            if case .unknown? = ChatCommand(name) { Issue.record("\(name) is listed and not known") }
        }
    }

    @Test func settings() throws {
        var settings = ChatSettings()
        for (name, value) in [
            ("temperature", "0.25"), ("top-p", "0.5"), ("top-k", "40"), ("min-p", "0.0"), ("repetition-penalty", "1.1"),
            ("seed", "9"), ("max-tokens", "100"), ("think", "off"),
        ] {
            try settings.set(name, to: value)
            #expect(settings.value(of: name) == value)
        }
        #expect(settings.sampling.seed == 9 && settings.sampling.topK == 40)
        #expect(settings.templateVariables == ["enable_thinking": false])
        try settings.set("seed", to: "none")
        #expect(settings.seed == nil)
        for (name, value) in [
            ("temperature", "3"), ("temperature", "x"), ("seed", "-1"), ("nope", "1"), ("max-tokens", "0"),
        ] {
            #expect(throws: ChatSettings.Refusal.self) { try settings.set(name, to: value) }
        }
    }

    @Test func inputOfSeveralLines() {
        var assembler = InputAssembler()
        #expect(assembler.take("one") == "one")
        #expect(assembler.take("first \\") == nil && assembler.isOpen)
        #expect(assembler.take("second") == "first \nsecond" && !assembler.isOpen)
        #expect(assembler.take("\"\"\"") == nil)
        #expect(assembler.take("a \\") == nil)
        #expect(assembler.take("") == nil)
        #expect(assembler.take("b\"\"\"") == "a \\\n\nb")
        #expect(assembler.take("\"\"\"one line\"\"\"") == "one line")
        #expect(assembler.take("\"\"\"left open") == nil)
        #expect(assembler.finish() == "left open" && assembler.finish() == nil)
    }

    @Test func conversationsSurviveTheirFile() throws {
        let conversation = Conversation(
            system: "S",
            turns: [
                Message(role: .user, content: "问 \"x\"\n"), Message(role: .assistant, content: "答", reasoning: "想"),
            ])
        let text = conversation.json(model: "m").serialized()
        #expect(try Conversation(json: JSONValue(parsing: text)) == conversation)
        #expect(try Conversation(json: JSONValue(parsing: #"[{"role":"user","content":"q"}]"#)).turns.count == 1)
        for broken in [#"{}"#, #"[{"role":"boss","content":"q"}]"#, #"[{"role":"user","content":1}]"#] {
            #expect(throws: ConversationError.self) { try Conversation(json: JSONValue(parsing: broken)) }
        }
    }

    @Test func theLastAnswerCanBeDropped() {
        var conversation = Conversation(turns: [
            Message(role: .user, content: "1"), Message(role: .assistant, content: "2"),
            Message(role: .user, content: "3"),
            Message(role: .assistant, content: "4"),
        ])
        let isDropped = conversation.dropLastAnswer()
        #expect(isDropped && conversation.turns.map(\.content) == ["1", "2", "3"])
        var empty = Conversation()
        let nothing = empty.dropLastAnswer()
        #expect(!nothing)
    }

    @Test func historyIsKeptInItsFile() throws {
        let path = NSTemporaryDirectory() + "danlu-history-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var history = InputHistory(path: path)
        for text in ["one", "two\nlines 中文", "two\nlines 中文", "  "] { history.add(text) }
        #expect(InputHistory(path: path).entries == ["one", "two\nlines 中文"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        for place in 0..<InputHistory.entriesMax { history.add("\(place)") }
        #expect(InputHistory(path: path).entries.count == InputHistory.entriesMax)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
        #expect(lines == InputHistory.entriesMax)
    }
}
