import JSON
import Testing

/// Wrong types and values are 400 and name the field; unknown fields are ignored.
@Suite struct RequestChecksTests {
    static let cases: [(JSONObject, String)] = [
        (["messages": nil], "messages"), (["messages": []], "messages"), (["messages": "hi"], "messages"),
        (["messages": ["hi"]], "messages[0]"), (["messages": [["content": "x"]]], "messages[0].role"),
        (["messages": [["role": "robot", "content": "x"]]], "messages[0].role"),
        (["messages": [["role": "user"]]], "messages[0].content"),
        (["messages": [["role": "user", "content": 5]]], "messages[0].content"),
        (["messages": [["role": "user", "content": [["type": "image_url"]]]]], "messages[0].content[0].type"),
        (["messages": [["role": "user", "content": [["type": "text"]]]]], "messages[0].content[0].text"),
        (["messages": [["role": "tool", "content": "x"]]], "messages[0].tool_call_id"),
        (["messages": [["role": "user", "content": "x", "tool_calls": [[:]]]]], "messages[0].tool_calls"),
        (["temperature": "hot"], "temperature"), (["temperature": 2.5], "temperature"),
        (["temperature": -1], "temperature"),
        (["top_p": 1.1], "top_p"), (["top_k": 1.5], "top_k"), (["min_p": -0.1], "min_p"),
        (["presence_penalty": 3], "presence_penalty"), (["frequency_penalty": "x"], "frequency_penalty"),
        (["repetition_penalty": 0], "repetition_penalty"), (["seed": 1.5], "seed"), (["seed": "1"], "seed"),
        (["logit_bias": [1]], "logit_bias"), (["logit_bias": ["x": 1]], "logit_bias.x"),
        (["logit_bias": ["-5": 1]], "logit_bias.-5"), (["logit_bias": ["5": 101]], "logit_bias.5"),
        (["logit_bias": ["5": "a"]], "logit_bias.5"), (["max_tokens": 0], "max_tokens"),
        (["max_tokens": -1], "max_tokens"),
        (["max_completion_tokens": "9"], "max_completion_tokens"), (["n": 0], "n"), (["n": 9], "n"), (["n": -1], "n"),
        (["stream": "true"], "stream"), (["stop": 5], "stop"), (["stop": ["a", 1]], "stop[1]"),
        (["stop": ["a", "b", "c", "d", "e"]], "stop"), (["stop": .string(String(repeating: "x", count: 257))], "stop"),
        (["logprobs": 3], "logprobs"), (["logprobs": true, "top_logprobs": 21], "top_logprobs"),
        (["response_format": ["type": "json_schema", "json_schema": [:]]], "response_format.json_schema.schema"),
        (["response_format": ["type": "xml"]], "response_format.type"), (["grammar": "root ::= ("], "grammar"),
        (["response_format": ["type": "grammar"]], "response_format.grammar"),
        (["response_format": ["type": "regex", "pattern": "("]], "response_format.pattern"),
        (["json_schema": ["type": "string"], "grammar": "root ::= \"a\""], "json_schema"),
        (["response_format": "json"], "response_format"), (["model": 5], "model"), (["user": 5], "user"),
        (["modalities": ["audio"]], "modalities"), (["truncation": "middle"], "truncation"),
        (["parallel_tool_calls": "no"], "parallel_tool_calls"), (["chat_template": "{{ x }}"], "chat_template"),
        (["chat_template_kwargs": ["messages": "x"]], "chat_template_kwargs.messages"),
        (["chat_template_kwargs": ["a": [1]]], "chat_template_kwargs.a"), (["dry_multiplier": -1], "dry_multiplier"),
        (["dry_sequence_breakers": 1], "dry_sequence_breakers"),
        (["stream_options": ["include_usage": true]], "stream_options"),
        (["priority": 101], "priority"), (["priority": "high"], "priority"), (["ignore_eos": 1], "ignore_eos"),
    ]

    @Test func wrongFieldsAreNamed() async throws {
        try await TestServer.run(TestServer()) { client in
            for (fields, name) in Self.cases {
                let reply = try await client.post("/v1/chat/completions", ChatCompletionsTests.ask("hi", fields))
                #expect(reply.status == .badRequest, "\(fields): \(reply.text)")
                #expect(reply.error["param"] == .string(name), "\(fields): \(reply.text)")
                #expect(reply.error["type"] == "invalid_request_error" && reply.error["code"]?.string != nil)
                #expect(reply.error["message"]?.string?.contains(name) == true, "\(reply.text)")
            }
        }
    }

    @Test func unknownAndNullFieldsAreIgnored() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/chat/completions",
                ChatCompletionsTests.ask(
                    "hi",
                    [
                        "temperature": nil, "stop": nil, "tools": nil, "n": nil, "service_tier": "auto", "store": true,
                        "metadata": ["a": "b"], "anything": [1, 2], "response_format": ["type": "text"],
                        "reasoning_effort": "low", "prediction": nil, "stream_options": nil, "functions": nil,
                    ]))
            #expect(reply.status == .ok, "\(reply.text)")
        }
    }

    @Test func allSamplingSettingsAreTaken() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/chat/completions",
                ChatCompletionsTests.ask(
                    "hi",
                    [
                        "temperature": 0, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "typical_p": 0.9, "seed": -1,
                        "presence_penalty": 0.1, "frequency_penalty": 0.1, "repeat_penalty": 1.1, "repeat_last_n": 64,
                        "logit_bias": ["65": -100], "dry_multiplier": 0.8, "dry_base": 1.75, "dry_allowed_length": 2,
                        "dry_sequence_breakers": ["\n", "。"], "max_tokens": 50.0,
                    ]))
            #expect(reply.json[path: "choices.0.message.content"] == "Hello, 你好!!", "\(reply.text)")
        }
    }

    @Test func bodiesThatAreNoObjectsAreRefused() async throws {
        try await TestServer.run(TestServer()) { client in
            for text in [
                "", "{", "[]", "null", "\"x\"", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":1e999}", "{'a':1}", "{}{}",
                "\u{FEFF}",
            ] {
                let reply = try await client.send(.post, "/v1/chat/completions", bytes: Array(text.utf8))
                #expect(reply.status == .badRequest && reply.error["message"]?.string != nil, "\(text): \(reply.text)")
            }
        }
    }
}
