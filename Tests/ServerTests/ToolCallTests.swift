import JSON
import Testing

@Suite struct ToolCallTests {
    static let tools: JSONValue = [
        [
            "type": "function",
            "function": [
                "name": "weather", "description": "天气",
                "parameters": ["type": "object", "properties": ["city": ["type": "string"]]],
            ],
        ], ["type": "function", "function": ["name": "time"]],
    ]

    @Test func callsAreReturnedWithTheirArguments() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/chat/completions", ChatCompletionsTests.ask("hi", ["tools": Self.tools]))
            let choice = reply.json[path: "choices.0"] ?? .null
            #expect(choice["finish_reason"] == "tool_calls" && choice[path: "message.content"]?.isNull == true)
            let calls = choice[path: "message.tool_calls"]?.array ?? []
            #expect(calls.map { $0[path: "function.name"] } == ["weather", "time"])
            let arguments = try calls.map { try JSONValue(parsing: $0[path: "function.arguments"]?.string ?? "") }
            #expect(arguments == [["city": "北京"], [:]])
            #expect(calls.allSatisfy { $0["type"] == "function" && $0["id"]?.string?.hasPrefix("call_") == true })
            #expect(Set(calls.map { $0["id"] }).count == 2)
        }
    }

    @Test func streamedCallsBeginWithIndexIdAndName() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/chat/completions", ChatCompletionsTests.ask("hi", ["tools": Self.tools, "stream": true]))
            let deltas = reply.chunks.compactMap { $0[path: "choices.0.delta.tool_calls.0"] }
            var arguments = ["", ""]
            var names: [String] = []
            for delta in deltas {
                let index = try #require(delta["index"]?.int)
                if let name = delta[path: "function.name"]?.string {
                    #expect(
                        delta["id"]?.string?.isEmpty == false && delta["type"] == "function" && index == names.count)
                    names.append(name)
                } else {
                    #expect(delta["id"] == nil && index == names.count - 1)
                }
                arguments[index] += delta[path: "function.arguments"]?.string ?? ""
            }
            #expect(names == ["weather", "time"])
            #expect(try arguments.map { try JSONValue(parsing: $0) } == [["city": "北京"], [:]])
            #expect(reply.chunks.last?[path: "choices.0.finish_reason"] == "tool_calls")
            #expect(reply.chunks.last?[path: "choices.0.delta"] == [:])
            #expect(!reply.text.contains("tool_call>"))
        }
    }

    @Test func onlyTheFirstCallWhereParallelOnesAreNotWanted() async throws {
        try await TestServer.run(TestServer()) { client in
            for stream in [false, true] {
                let reply = try await client.post(
                    "/v1/chat/completions",
                    ChatCompletionsTests.ask(
                        "hi", ["tools": Self.tools, "parallel_tool_calls": false, "stream": .bool(stream)]))
                #expect(reply.text.contains("weather") && !reply.text.contains("\"time\""))
            }
        }
    }

    @Test func resultsOfCallsGoBackIn() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/chat/completions",
                [
                    "messages": [
                        ["role": "user", "content": "?"],
                        [
                            "role": "assistant", "content": nil,
                            "tool_calls": [
                                [
                                    "id": "call_1", "type": "function",
                                    "function": ["name": "weather", "arguments": "{\"city\":\"北京\"}"],
                                ]
                            ],
                        ], ["role": "tool", "tool_call_id": "call_1", "content": [["type": "text", "text": "晴"]]],
                    ]
                ])
            #expect(reply.json[path: "choices.0.message.content"] == "Hello, 你好!!")
        }
    }

    @Test func choicesOfToolsAreChecked() async throws {
        let cases: [(JSONObject, String)] = [
            (["tool_choice": "required"], "tool_choice"),
            (["tools": Self.tools, "tool_choice": "some"], "tool_choice"),
            (["tools": Self.tools, "tool_choice": ["type": "function", "function": ["name": "x"]]], "tool_choice"),
            (["tools": [["type": "retrieval"]]], "tools[0].type"),
            (["tools": [["type": "function", "function": [:]]]], "tools[0].function.name"),
            (["tools": "weather"], "tools"), (["functions": [["name": "f"]]], "functions"),
        ]
        try await TestServer.run(TestServer()) { client in
            for (fields, name) in cases {
                let reply = try await client.post("/v1/chat/completions", ChatCompletionsTests.ask("hi", fields))
                #expect(reply.status == .badRequest && reply.error["param"] == .string(name), "\(name): \(reply.text)")
            }
            let none = try await client.post(
                "/v1/chat/completions", ChatCompletionsTests.ask("hi", ["tools": Self.tools, "tool_choice": "none"]))
            #expect(none.json[path: "choices.0.message.content"] == "Hello, 你好!!")
        }
    }
}
