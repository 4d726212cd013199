import JSON
import Testing

@Suite struct CompletionsTests {
    @Test func continuesTextAndEndsAtTheEndToken() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post("/v1/completions", ["prompt": "abZ", "max_tokens": 9])
            #expect(reply.json["object"] == "text_completion" && reply.json["id"]?.string?.hasPrefix("cmpl-") == true)
            #expect(
                reply.json["choices"] == [["index": 0, "text": "你好!!", "logprobs": nil, "finish_reason": "stop"]])
            #expect(reply.json[path: "usage.prompt_tokens"] == 3 && reply.json[path: "usage.completion_tokens"] == 4)
            let short = try await client.post("/v1/completions", ["prompt": "a"])
            #expect(short.json[path: "choices.0.text"] == "aaaaaaaaaaaaaaaa")
            #expect(short.json[path: "choices.0.finish_reason"] == "length")
        }
    }

    /// What lm-evaluation-harness sends: token ids, echo, logprobs and one or no new token.
    @Test func scoresAPrompt() async throws {
        try await TestServer.run(TestServer()) { client in
            for prompt: JSONValue in ["aab", [97, 97, 98], [[97, 97, 98]]] {
                let reply = try await client.post(
                    "/v1/completions", ["prompt": prompt, "max_tokens": 0, "echo": true, "logprobs": 1])
                let choice = reply.json[path: "choices.0"] ?? .null
                #expect(choice["text"] == "aab", "\(reply.text)")
                #expect(choice[path: "logprobs.tokens"] == ["a", "a", "b"])
                #expect(choice[path: "logprobs.text_offset"] == [0, 1, 2])
                let scores = choice[path: "logprobs.token_logprobs"]?.array ?? []
                #expect(scores.first?.isNull == true && choice[path: "logprobs.top_logprobs.0"]?.isNull == true)
                // "a" follows itself; "b" does not follow "a", and is told beside what would have.
                #expect(scores[1].double ?? -9 > -0.01 && scores[2].double ?? 0 < -10)
                let top = choice[path: "logprobs.top_logprobs.2"]?.object
                #expect(top?["b"] == scores[2] && top?["a"]?.double ?? -9 > -0.01 && top?.count == 2)
            }
        }
    }

    @Test func echoesAndNamesPiecesOfCharacters() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/completions", ["prompt": "你Z", "max_tokens": 9, "echo": true, "logprobs": 0])
            let choice = reply.json[path: "choices.0"] ?? .null
            #expect(choice["text"] == "你Z你好!!")
            #expect(
                choice[path: "logprobs.tokens"] == [
                    "bytes:\\xe4", "bytes:\\xbd", "bytes:\\xa0", "Z", "bytes:\\xe4\\xbd", "bytes:\\xa0\\xe5",
                    "bytes:\\xa5\\xbd", "!!",
                ])
            #expect(choice[path: "logprobs.text_offset"] == [0, 1, 1, 1, 2, 3, 4, 4])
        }
    }

    @Test func streamsWithOffsetsThatGoOn() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/completions",
                [
                    "prompt": "L", "max_tokens": 4, "echo": true, "logprobs": 0, "stream": true,
                    "stream_options": ["include_usage": true],
                ])
            let choices = reply.chunks.compactMap { $0[path: "choices.0"] }
            #expect(choices.compactMap { $0["text"]?.string }.joined() == "Ltick tock tick tock ")
            let offsets = choices.flatMap { $0[path: "logprobs.text_offset"]?.array ?? [] }
            #expect(offsets == [0, 1, 6, 11, 16])
            #expect(choices.dropLast().allSatisfy { $0.object?["finish_reason"] == .some(.null) })
            #expect(choices.last?["finish_reason"] == "length")
            #expect(reply.chunks.last?["choices"] == [] && reply.chunks.last?[path: "usage.completion_tokens"] == 4)
            #expect(reply.events.last?.data == "[DONE]")
        }
    }

    @Test func severalPromptsHaveTheirChoicesInOrder() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/completions", ["prompt": ["aa", "bcd"], "n": 2, "max_tokens": 2, "seed": 1])
            let choices = reply.json["choices"]?.array ?? []
            #expect(choices.map { $0["text"] } == ["aa", "aa", "dd", "dd"])
            #expect(choices.map { $0["index"] } == [0, 1, 2, 3])
            // Each prompt counts once.
            #expect(reply.json[path: "usage.prompt_tokens"] == 5 && reply.json[path: "usage.completion_tokens"] == 8)
        }
    }

    @Test func refusesWhatItDoesNotDo() async throws {
        let cases: [(JSONObject, String)] = [
            (["suffix": "x"], "suffix"), (["best_of": 3], "best_of"), (["max_tokens": 0], "max_tokens"),
            (["prompt": []], "prompt"), (["prompt": [1, "a"]], "prompt[1]"), (["prompt": [[-1]]], "prompt[0][0]"),
            (["prompt": [1e300]], "prompt"), (["prompt": [["a"]]], "prompt[0][0]"), (["prompt": true], "prompt"),
            (["logprobs": 21], "logprobs"), (["logprobs": true], "logprobs"), (["echo": 1], "echo"),
        ]
        try await TestServer.run(TestServer()) { client in
            for (fields, name) in cases {
                var body = JSONObject([("prompt", "a")])
                for (key, value) in fields { body[key] = value }
                let reply = try await client.post("/v1/completions", .object(body))
                #expect(reply.status == .badRequest, "\(name): \(reply.text)")
                #expect(reply.error["param"]?.string?.hasPrefix(name) == true, "\(name): \(reply.text)")
            }
            let missing = try await client.post("/v1/completions", [:])
            #expect(missing.error["code"] == "missing_required_parameter" && missing.error["param"] == "prompt")
            let unknown = try await client.post("/v1/completions", ["prompt": [99_999], "max_tokens": 1])
            #expect(unknown.status == .badRequest, "\(unknown.text)")
            let long = try await client.post(
                "/v1/completions", ["prompt": .string(String(repeating: "x", count: ScriptedModel.contextTokens + 1))])
            #expect(long.error["code"] == "context_length_exceeded" && long.error["param"] == "prompt")
        }
    }
}
