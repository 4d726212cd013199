import Assistant
import Dialogue
import Grammar
import JSON
import Templates
import Testing

/// What the whole text of an answer must be, where tools and reasoning come into it.
@Suite struct AnswerFormTests {
    static let hermes = "{{ messages[0].content }}{# <tool_call> #}"
    static let reasoning = "{{ messages[0].content }}{# <tool_call> </think> #}"
    static let llama = "{{ messages[0].content }}{# <|python_tag|> #}"

    static let weather = Tool(
        name: "weather",
        parameters: ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]], isStrict: true
    )
    static let clock = Tool(name: "clock", parameters: ["type": "object", "properties": ["zone": ["const": "UTC"]]])

    func grammar(
        _ source: String, tools: [Tool] = [], choice: ChatRequest.ToolChoice = .automatic, format: AnswerFormat? = nil,
        opensCall: Bool = false, endsInReasoning: Bool = false
    ) throws -> Grammar? {
        let request = ChatRequest(
            messages: [Message(role: .user, content: "x")], tools: tools, toolChoice: choice, format: format)
        let template = try ChatTemplate(source: source, bosToken: "", eosToken: "")
        let prompt = PromptBuilder.Prompt(
            tokens: [], droppedTurns: 0, toolParser: nil, endsInReasoning: endsInReasoning, opensCall: opensCall)
        return try AnswerForm(template, request, prompt).layout.map { try Grammar($0) }
    }

    @Test func textIsFreeWhereNothingIsAsked() throws {
        #expect(try grammar(Self.hermes) == nil)
        #expect(try grammar(Self.hermes, tools: [Self.clock]) == nil)
        #expect(try grammar(Self.hermes, tools: [Self.weather], choice: .none) == nil)
    }

    @Test func strictToolsAreHeldToAmongText() throws {
        let form = try #require(try grammar(Self.hermes, tools: [Self.weather, Self.clock]))
        let call = #"<tool_call>\#n{"name": "weather", "arguments": {"city": "Rome"}}\#n</tool_call>"#
        #expect(form.matches("free < text") && form.matches("Let me see. " + call) && form.matches(call + "\n" + call))
        #expect(form.matches("a <tool_cal"))
        #expect(!form.matches(#"<tool_call>{"name": "weather", "arguments": {"town": "Rome"}}</tool_call>"#))
        #expect(!form.matches(#"<tool_call>{"name": "other", "arguments": {}}</tool_call>"#))
        let bare = try #require(try grammar(Self.llama, tools: [Self.weather]))
        #expect(bare.matches("free text") && bare.matches(#"{"name": "weather", "parameters": {"city": "R"}}"#))
        #expect(!bare.matches(#"{"name": "weather", "parameters": {}}"#))
    }

    @Test func forcedCallsGoOnFromWhereThePromptEnds() throws {
        let named = try #require(
            try grammar(Self.hermes, tools: [Self.weather, Self.clock], choice: .named("clock"), opensCall: true))
        #expect(
            named.matches(#" {"zone": "UTC"}}"# + "\n</tool_call>") && !named.matches(#" {"zone": "CET"}}</tool_call>"#)
        )
        let any = try #require(
            try grammar(Self.hermes, tools: [Self.weather, Self.clock], choice: .required, opensCall: true))
        #expect(any.matches(#"weather", "arguments": {"city": "R"}}</tool_call>"#))
        #expect(!any.matches(#"other", "arguments": {}}</tool_call>"#))
    }

    @Test func reasoningComesFirstAndIsFree() throws {
        let format = AnswerFormat(.regex("yes|no"))
        let after = try #require(try grammar(Self.reasoning, format: format, endsInReasoning: true))
        #expect(after.matches("hm {\n</think>\n\nyes") && !after.matches("yes"))
        let before = try #require(try grammar(Self.reasoning, format: format))
        #expect(before.matches("<think>a</think>no") && before.matches("no") && !before.matches("<think>no"))
        let plain = try #require(try grammar(Self.hermes, format: format))
        #expect(!plain.matches("<think>a</think>no"))
    }

    @Test func aFormAndToolsLeaveTheChoice() throws {
        let form = try #require(try grammar(Self.hermes, tools: [Self.clock], format: AnswerFormat(.jsonObject)))
        #expect(form.matches(#"{"a": 1}"#) && !form.matches("text"))
        #expect(form.matches(#"<tool_call>{"name": "clock", "arguments": {}}</tool_call>"#))
    }

    @Test func aStrictSchemaThatCannotBeHeldToIsNamed() throws {
        let bad: JSONValue = ["type": "array", "uniqueItems": true]
        #expect(throws: AssistantError.self) {
            try grammar(Self.hermes, tools: [Tool(name: "f", parameters: bad, isStrict: true)])
        }
        // Where it is not strict, the arguments are any object.
        let loose = try #require(
            try grammar(Self.hermes, tools: [Tool(name: "f", parameters: bad)], choice: .named("f"), opensCall: true))
        #expect(loose.matches(#"{"x": 1}}</tool_call>"#))
    }
}
