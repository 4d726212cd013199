import Instructions
import JSON
import Testing

/// Each published form, and what it becomes.
@Suite struct SchemaTests {
    struct Case: CustomStringConvertible, Sendable {
        var schema: Schema
        var line: String
        var form: String
        var description: String { "\(schema) \(line.prefix(60))" }

        init(_ schema: Schema, _ line: String, _ form: String) {
            (self.schema, self.line, self.form) = (schema, line, form)
        }
    }

    static let sum = #"{"messages":[{"role":"user","content":"1+1"},{"role":"assistant","content":"2"}]}"#
    static let pair =
        #"{"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"a"}],"#
        + #""rejected":[{"role":"assistant","content":"b"}]}"#
    static let call =
        #"{"role":"assistant","content":"","tool_calls":[{"id":"call_1","type":"function","function":"#
        + #"{"name":"f","arguments":"{\"x\": 1}"}}]},{"role":"tool","content":"3","tool_call_id":"call_1"}"#

    static let cases: [Case] = [
        Case(.alpaca, #"{"instruction":"1+1","input":"","output":"2"}"#, sum),
        Case(
            .alpaca,
            #"{"instruction":"a","input":"b","output":"c","system":"s","history":[["q","r"]]}"#,
            #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","#
                + #""content":"r"},{"role":"user","content":"a\nb"},{"role":"assistant","content":"c"}]}"#),
        Case(.shareGPT, #"{"conversations":[{"from":"human","value":"1+1"},{"from":"gpt","value":"2"}]}"#, sum),
        Case(
            .shareGPT,
            #"{"conversations":[{"from":"human","value":"q"},{"from":"function_call","value":"{\"name\":\"f\","#
                + #"\"arguments\":{\"x\":1}}"},{"from":"observation","value":"3"},{"from":"gpt","value":"a"}],"#
                + #""tools":"[{\"name\":\"f\"}]","system":"s"}"#,
            #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},"# + call
                + #",{"role":"assistant","content":"a"}],"tools":[{"type":"function","function":{"name":"f"}}]}"#),
        Case(.openAI, sum, sum),
        Case(
            .openAI,
            #"{"messages":[{"role":"user","content":[{"type":"text","text":"1+"},{"type":"text","text":"1"}]},"#
                + #"{"role":"assistant","content":"2"}]}"#, sum),
        Case(
            .openAI,
            #"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"type":"#
                + #""function","function":{"name":"f","arguments":{"x":1}}}]},{"role":"tool","content":"3"},"#
                + #"{"role":"assistant","content":"a","weight":0},{"role":"user","content":"r"},"#
                + #"{"role":"assistant","content":"b"}]}"#,
            #"{"messages":[{"role":"user","content":"q"},"# + call
                + #",{"role":"assistant","content":"a","weight":0},{"role":"user","content":"r"},"#
                + #"{"role":"assistant","content":"b"}]}"#),
        Case(
            .minimind,
            #"{"conversations":[{"role":"system","content":"s","tools":"[{\"type\":\"function\",\"function\":"#
                + #"{\"name\":\"f\"}}]"},{"role":"user","content":"q"},{"role":"assistant","content":"","#
                + #""tool_calls":"[{\"name\":\"f\",\"arguments\":{\"x\":1}}]"},{"role":"tool","content":"3"},"#
                + #"{"role":"assistant","content":"a","reasoning_content":"r"}]}"#,
            #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},"# + call
                + #",{"role":"assistant","content":"a","reasoning_content":"r"}],"#
                + #""tools":[{"type":"function","function":{"name":"f"}}]}"#),
        Case(.nanochat, #"[{"role":"user","content":"1+1"},{"role":"assistant","content":"2"}]"#, sum),
        Case(
            .nanochat,
            #"[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"text","text":"see "},{"type":"#
                + #""python","text":"1+1"},{"type":"python_output","text":"2"},{"type":"text","text":"two"}]}]"#,
            #"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"see ","tool_calls":[{"id":"#
                + #""call_1","type":"function","function":{"name":"python","arguments":"{\"code\": \"1+1\"}"}}]},"#
                + #"{"role":"tool","content":"2","tool_call_id":"call_1"},{"role":"assistant","content":"two"}],"#
                + #""tools":[{"type":"function","function":{"name":"python","description":"Runs Python code and gives "#
                + #"its output.","parameters":{"type":"object","properties":{"code":{"type":"string"}},"#
                + #""required":["code"]}}}]}"#),
        Case(.promptCompletion, #"{"prompt":"1+1","completion":"2"}"#, sum),
        Case(.promptCompletion, #"{"question":"1+1","answer":"2"}"#, sum),
        Case(
            .promptCompletion,
            #"{"prompt":[{"role":"user","content":"1+1"}],"completion":[{"role":"assistant","content":"2"}]}"#, sum),
        Case(.preference, #"{"prompt":"q","chosen":"a","rejected":"b"}"#, pair),
        Case(.preference, pair, pair),
        Case(
            .preference,
            #"{"chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"#
                + #""rejected":[{"role":"user","content":"q"},{"role":"assistant","content":"b"}]}"#, pair),
        Case(.preference, #"{"instruction":"q","input":"","chosen":"a","rejected":"b"}"#, pair),
        Case(
            .preference,
            #"{"conversations":[{"from":"human","value":"q"}],"chosen":{"from":"gpt","value":"a"},"#
                + #""rejected":{"from":"gpt","value":"b"}}"#, pair),
        Case(
            .preference,
            #"{"input":{"messages":[{"role":"user","content":"q"}]},"preferred_output":[{"role":"assistant","#
                + #""content":"a"}],"non_preferred_output":[{"role":"assistant","content":"b"}]}"#, pair),
        Case(.preference, #"{"prompt":"Human: q Assistant:","chosen":"a","rejected":"b"}"#, pair),
        Case(
            .preference,
            #"{"chosen":"\n\nHuman: q\n\nAssistant: a","rejected":"\n\nHuman: q\n\nAssistant: b"}"#, pair),
        Case(
            .judgement, #"{"prompt":"1+1","completion":"2","label":true}"#,
            #"{"prompt":[{"role":"user","content":"1+1"}],"completion":[{"role":"assistant","content":"2"}],"#
                + #""label":true}"#),
        Case(
            .judgement,
            #"{"conversations":[{"from":"human","value":"1+1"},{"from":"gpt","value":"3"}],"kto_tag":false}"#,
            #"{"prompt":[{"role":"user","content":"1+1"}],"completion":[{"role":"assistant","content":"3"}],"#
                + #""label":false}"#),
        Case(
            .judgement,
            #"{"messages":[{"role":"user","content":"1+1"},{"role":"assistant","content":"2"}],"label":true}"#,
            #"{"prompt":[{"role":"user","content":"1+1"}],"completion":[{"role":"assistant","content":"2"}],"#
                + #""label":true}"#),
        Case(
            .task, #"{"prompt":"1+1","reward":{"type":"number","answer":2}}"#,
            #"{"prompt":[{"role":"user","content":"1+1"}],"reward":{"type":"number","answer":2}}"#),
    ]

    @Test(arguments: cases) func becomesTheOneForm(item: Case) throws {
        let files = try TemporaryFiles()
        let data = try InstructionData(paths: [files.write(item.line + "\n")], skipsBroken: false)
        #expect(data.schemas == [item.schema: 1])
        let form = try #require(data.examples.first).json
        #expect(form == (try JSONValue(parsing: item.form)), "\(form.serialized())")
        // What is written is read as the same.
        let again = try InstructionData(paths: [files.write(form.serialized(), "again.jsonl")], skipsBroken: false)
        #expect(again.examples.first?.json == form)
    }

    @Test func everySchemaHasACase() {
        #expect(Set(Self.cases.map(\.schema)) == Set(Schema.allCases))
    }

    static let faults: [(line: String, field: String, says: String)] = [
        (#"{"text":"x"}"#, "text", "pretrain"),
        (#"{"role":"user","content":"x"}"#, "", "single message"),
        (#"{"a":1,"b":2}"#, "", "a, b"),
        (#""text""#, "", "an object"),
        (#"{"instruction":"x"}"#, "output", "missing"),
        (#"{"instruction":3,"output":"x"}"#, "instruction", "a string"),
        (#"{"instruction":"x","output":""}"#, "messages[1]", "empty"),
        (#"{"instruction":"x","output":"y","history":[["a"]]}"#, "history[0]", "two strings"),
        (#"{"conversations":[{"from":"alien","value":"x"}]}"#, "conversations[0].from", "is no speaker"),
        (
            #"{"conversations":[{"from":"human","value":"x"},{"from":"human","value":"y"}]}"#,
            "conversations[1].from", "take turns"
        ),
        (#"{"messages":[]}"#, "messages", "empty"),
        (#"{"messages":{}}"#, "messages", "an array"),
        (#"{"messages":[{"role":"wizard","content":"x"}]}"#, "messages[0].role", "no known role"),
        (#"{"messages":[{"role":"user"}]}"#, "messages[0].content", "missing"),
        (#"{"messages":[{"role":"user","content":"x"}]}"#, "messages", "no answer"),
        (
            #"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, "messages[0].content[0].type",
            "only text"
        ),
        (
            #"{"messages":[{"role":"user","content":"x"},{"role":"tool","content":"1"}]}"#, "messages[1]",
            "no call"
        ),
        (
            #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"function":{"name":"f","#
                + #""arguments":"{x"}}]}]}"#, "messages[1].tool_calls[0].function.arguments", "JSON object"
        ),
        (
            #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"name":"g"}]}],"#
                + #""tools":[{"name":"f"}]}"#, "messages[1]", "not among the tools"
        ),
        (
            #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","weight":0}]}"#,
            "messages", "weight 0"
        ),
        (#"[{"role":"user","content":"x"},{"role":"user","content":"y"}]"#, "[1].role", "take turns"),
        (#"{"prompt":"x","chosen":"a"}"#, "rejected", "missing"),
        (#"{"prompt":"x","chosen":"a","rejected":"a"}"#, "rejected", "same"),
        (#"{"chosen":"a","rejected":"b"}"#, "prompt", "nobody asks"),
        (#"{"prompt":"x","completion":"y","kto_tag":"yes"}"#, "kto_tag", "true or false"),
        (#"{"prompt":"x","reward":1}"#, "reward", "an object"),
    ]

    @Test func faultsSayWhereAndWhat() throws {
        let files = try TemporaryFiles()
        let lines = Self.faults.map(\.line) + [Self.sum]
        let path = try files.write(lines.joined(separator: "\n\n"))
        let data = try InstructionData(paths: [path], skipsBroken: true)
        #expect(data.examples.count == 1 && data.faultCount == Self.faults.count)
        for (index, (fault, expected)) in zip(data.faults, Self.faults).enumerated() {
            #expect(fault.source == SourceLine(file: path, line: 2 * index + 1))
            #expect(fault.field == expected.field, "\(fault)")
            #expect(fault.problem.en.contains(expected.says), "\(fault)")
            #expect(fault.wording.zh.contains { ("一"..."鿿").contains($0) }, "\(fault.wording.zh)")
        }
        #expect(throws: InstructionsError.self) { try InstructionData(paths: [path], skipsBroken: false) }
    }
}
