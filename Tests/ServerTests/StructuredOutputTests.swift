import JSON
import Testing

/// Answers of the scripted model, whose tokens are bytes and a few words, held to forms that it would never write.
@Suite struct StructuredOutputTests {
    static let schema: JSONValue = [
        "type": "object",
        "properties": ["city": ["enum": ["北京", "Paris"]], "n": ["type": "integer", "minimum": 10, "maximum": 99]],
        "required": ["city", "n"], "additionalProperties": false,
    ]

    static func isFitting(_ text: String) -> Bool {
        guard let value = try? JSONValue(parsing: text), let object = value.object, object.count == 2 else {
            return false
        }
        return ["北京", "Paris"].contains(value["city"]?.string) && (10...99).contains(value["n"]?.int ?? 0)
    }

    @Test func answersFitTheirSchema() async throws {
        let formats: [(String, JSONObject)] = [
            (
                "openai",
                ["response_format": ["type": "json_schema", "json_schema": ["name": "x", "schema": Self.schema]]]
            ),
            ("llama.cpp", ["json_schema": Self.schema]),
            ("object", ["response_format": ["type": "json_object", "schema": Self.schema]]),
        ]
        try await TestServer.run(TestServer()) { client in
            for (name, format) in formats {
                for temperature in [0.0, 1.5] {
                    var more = format
                    (more["temperature"], more["seed"]) = (.double(temperature), 3)
                    let reply = try await client.post("/v1/chat/completions", ChatCompletionsTests.ask("hi", more))
                    let choice = reply.json[path: "choices.0"]
                    let text = choice?[path: "message.content"]?.string ?? reply.text
                    #expect(Self.isFitting(text), "\(name): \(text)")
                    #expect(choice?["finish_reason"] == "stop")
                }
            }
        }
    }

    @Test func responsesAndCompletionsToo() async throws {
        try await TestServer.run(TestServer()) { client in
            let format: JSONValue = ["type": "json_schema", "name": "x", "schema": Self.schema, "strict": true]
            let response = try await client.post(
                "/v1/responses", ["input": "hi", "text": ["format": format], "temperature": 0])
            let text = response.json[path: "output.0.content.0.text"]?.string ?? response.text
            #expect(Self.isFitting(text), "\(text)")
            #expect(response.json[path: "text.format"] == format)
            let completion = try await client.post(
                "/v1/completions",
                ["prompt": "x", "max_tokens": 40, "response_format": ["type": "regex", "pattern": "a{3}|你好"]])
            let written = completion.json[path: "choices.0.text"]?.string ?? completion.text
            #expect(["aaa", "你好"].contains(written), "\(written)")
        }
    }

    @Test func grammarsAndTheirLimits() async throws {
        try await TestServer.run(TestServer()) { client in
            let grammar: JSONObject = ["grammar": #"root ::= "yes" | "no""#]
            let reply = try await client.post("/v1/chat/completions", ChatCompletionsTests.ask("hi", grammar))
            let text = reply.json[path: "choices.0.message.content"]?.string ?? reply.text
            #expect(["yes", "no"].contains(text), "\(text)")
            let cut = try await client.post(
                "/v1/chat/completions",
                ChatCompletionsTests.ask("hi", ["grammar": #"root ::= "never ending" root"#, "max_tokens": 5]))
            #expect(cut.status == .badRequest, "nothing of finite length fits: \(cut.text)")
            let long = try await client.post(
                "/v1/chat/completions",
                ChatCompletionsTests.ask("hi", ["grammar": #"root ::= "x"{50}"#, "max_tokens": 5]))
            #expect(long.json[path: "choices.0.finish_reason"] == "length", "\(long.text)")
        }
    }

    @Test func whatCannotBeHeldToIsNamed() async throws {
        try await TestServer.run(TestServer()) { client in
            let format: JSONValue = [
                "type": "json_schema", "json_schema": ["name": "x", "schema": ["type": "array", "uniqueItems": true]],
            ]
            let reply = try await client.post(
                "/v1/chat/completions", ChatCompletionsTests.ask("hi", ["response_format": format]))
            #expect(reply.status == .badRequest && reply.error["param"] == "response_format.json_schema.schema")
            #expect(reply.error["message"]?.string?.contains("#/uniqueItems") == true, "\(reply.text)")
        }
    }
}
