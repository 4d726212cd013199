import JSON
import Testing

@Suite struct ResponsesTests {
    @Test func answersStatelessly() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/responses", ["input": "hi", "instructions": "kurz", "metadata": ["a": "b"]])
            let json = reply.json
            #expect(json["object"] == "response" && json["status"] == "completed" && json["store"] == false)
            #expect(json[path: "output.0.content.0.text"] == "Hello, 你好!!" && json["output"]?.array?.count == 1)
            #expect(json[path: "output.0.id"]?.string?.hasPrefix("msg_") == true && json["metadata"] == ["a": "b"])
            #expect(json[path: "usage.output_tokens"] == 6 && json[path: "usage.input_tokens"]?.int ?? 0 > 11)
            let cut = try await client.post("/v1/responses", ["input": "loop", "max_output_tokens": 3]).json
            #expect(cut["status"] == "incomplete" && cut[path: "incomplete_details.reason"] == "max_output_tokens")
        }
    }

    @Test func readsItemsOfAConversation() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/responses",
                [
                    "input": [
                        ["role": "user", "content": [["type": "input_text", "text": "?"]]],
                        ["type": "reasoning", "summary": []],
                        ["type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"],
                        ["type": "function_call_output", "call_id": "c1", "output": "1"],
                        ["type": "message", "role": "assistant", "content": [["type": "output_text", "text": "!"]]],
                        ["role": "user", "content": "think"],
                    ]
                ])
            #expect(reply.json[path: "output.0.type"] == "reasoning", "\(reply.text)")
            #expect(reply.json[path: "output.0.content.0.text"] == "hmm")
            #expect(reply.json[path: "output.1.content.0.text"] == "done")
        }
    }

    @Test func streamsTypedEventsInOrder() async throws {
        try await TestServer.run(TestServer()) { client in
            let events = try await client.post("/v1/responses", ["input": "hi", "stream": true]).events
            let names = events.compactMap(\.name)
            #expect(names.count == events.count)
            let deltas = names.filter { $0 == "response.output_text.delta" }.count
            #expect(
                names == [
                    "response.created", "response.in_progress", "response.output_item.added",
                    "response.content_part.added",
                ]
                    + Array(repeating: "response.output_text.delta", count: deltas)
                    + [
                        "response.output_text.done", "response.content_part.done", "response.output_item.done",
                        "response.completed",
                    ])
            #expect(events.map { $0.json["type"]?.string } == names)
            #expect(events.map { $0.json["sequence_number"]?.int } == Array(0..<events.count))
            let text = events.filter { $0.name == "response.output_text.delta" }.compactMap { $0.json["delta"]?.string }
            #expect(text.joined() == "Hello, 你好!!")
            let ids = Set(events.compactMap { $0.json["item_id"]?.string })
            #expect(ids.count == 1 && ids.first == events.last?.json[path: "response.output.0.id"]?.string)
            #expect(events.last?.json[path: "response.usage.output_tokens"] == 6)
        }
    }

    @Test func streamsFunctionCalls() async throws {
        try await TestServer.run(TestServer()) { client in
            let tools: JSONValue = [
                ["type": "function", "name": "weather", "parameters": ["type": "object"]],
                ["type": "function", "name": "time"],
            ]
            let events = try await client.post(
                "/v1/responses", ["input": "hi", "tools": tools, "stream": true]
            ).events
            let done = events.filter { $0.name == "response.function_call_arguments.done" }.map(\.json)
            #expect(done.map { $0["name"] } == ["weather", "time"])
            #expect(try done.map { try JSONValue(parsing: $0["arguments"]?.string ?? "") } == [["city": "北京"], [:]])
            let output = events.last?.json[path: "response.output"]?.array ?? []
            #expect(output.map { $0["type"] } == ["function_call", "function_call"])
            #expect(output.allSatisfy { $0["call_id"]?.string?.hasPrefix("call_") == true })
            #expect(events.last?.json[path: "response.tools"] == tools)
        }
    }

    @Test func textAfterACallIsAnItemOfItsOwn() async throws {
        try await TestServer.run(TestServer()) { client in
            let body: JSONObject = ["input": "mixed", "tools": [["type": "function", "name": "mix"]]]
            let whole = try await client.post("/v1/responses", .object(body)).json
            let output = whole["output"]?.array ?? []
            #expect(output.map { $0["type"] } == ["message", "function_call", "message"], "\(whole)")
            #expect(output.map { $0[path: "content.0.text"]?.string } == ["before ", nil, "after"])
            #expect(Set(output.map { $0["id"] }).count == 3)
            let chat = try await client.post(
                "/v1/chat/completions",
                ChatCompletionsTests.ask("mixed", ["tools": [["type": "function", "function": ["name": "mix"]]]]))
            #expect(chat.json[path: "choices.0.message.content"] == "before after")
            #expect(chat.json[path: "choices.0.message.tool_calls.0.function.name"] == "mix")
        }
    }

    @Test func refusesWhatNeedsAMemory() async throws {
        let cases: [(JSONObject, String)] = [
            (["previous_response_id": "resp_1"], "previous_response_id"), (["conversation": "c"], "conversation"),
            (["background": true], "background"), (["prompt": ["id": "p"]], "prompt"),
            (["text": ["format": ["type": "json_schema"]]], "text.format.schema"), (["input": 3], "input"),
            (["input": [["type": "item_reference", "id": "x"]]], "input[0].type"),
            (["input": [["role": "user", "content": [["type": "input_image"]]]]], "input[0].content[0].type"),
        ]
        try await TestServer.run(TestServer()) { client in
            for (fields, name) in cases {
                var body = JSONObject([("input", "hi")])
                for (key, value) in fields { body[key] = value }
                let reply = try await client.post("/v1/responses", .object(body))
                #expect(reply.status == .badRequest && reply.error["param"] == .string(name), "\(name): \(reply.text)")
            }
        }
    }
}
