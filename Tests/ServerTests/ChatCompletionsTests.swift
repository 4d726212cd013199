import JSON
import Testing

@Suite struct ChatCompletionsTests {
    static let hello: JSONValue = ["messages": [["role": "user", "content": "hi"]]]

    static func ask(_ text: String, _ more: JSONObject = [:]) -> JSONValue {
        var object = JSONObject([("messages", [["role": "user", "content": .string(text)]])])
        for (key, value) in more { object[key] = value }
        return .object(object)
    }

    @Test func answersWithTheWholeObject() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post("/v1/chat/completions", Self.hello)
            #expect(reply.status == .ok)
            let json = reply.json
            #expect(json["object"] == "chat.completion" && json["model"] == .string(TestServer.model))
            #expect(json["id"]?.string?.hasPrefix("chatcmpl-") == true && json["created"]?.int ?? 0 > 1_700_000_000)
            #expect(
                json["choices"]
                    == [
                        [
                            "index": 0, "message": ["role": "assistant", "content": "Hello, 你好!!", "refusal": nil],
                            "logprobs": nil, "finish_reason": "stop",
                        ]
                    ])
            // <|turn|>user: hi<|end|><|answer|>; the end token is generated but not shown.
            #expect(
                json["usage"]
                    == [
                        "prompt_tokens": 11, "completion_tokens": 6, "total_tokens": 17,
                        "prompt_tokens_details": ["cached_tokens": 0],
                    ])
            #expect(reply.headers[.init("X-Request-Id")!]?.hasPrefix("req_") == true)
        }
    }

    @Test func streamsARoleThenTextThenAnEmptyDelta() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post("/v1/chat/completions", Self.ask("hi", ["stream": true]))
            #expect(reply.headers[.contentType]?.hasPrefix("text/event-stream") == true)
            #expect(reply.events.last?.data == "[DONE]" && reply.events.allSatisfy { $0.name == nil })
            let chunks = reply.chunks
            let choices = chunks.map { $0[path: "choices.0"] ?? .null }
            #expect(choices.first?["delta"] == ["role": "assistant", "content": "", "refusal": nil])
            #expect(
                choices.dropFirst().dropLast().compactMap { $0[path: "delta.content"]?.string }.joined()
                    == "Hello, 你好!!")
            #expect(choices.dropLast().allSatisfy { $0.object?["finish_reason"] == .some(.null) })
            #expect(choices.last?["delta"] == .object(JSONObject()) && choices.last?["finish_reason"] == "stop")
            #expect(chunks.allSatisfy { $0["object"] == "chat.completion.chunk" && $0["usage"] == nil })
            #expect(Set(chunks.map { $0["id"] }).count == 1)
            // Each of 你 and 好 comes of two tokens, and never in halves.
            #expect(!reply.text.contains("\u{FFFD}"))
        }
    }

    @Test func tellsUsageOnlyWhenAskedAndInAChunkWithoutChoices() async throws {
        try await TestServer.run(TestServer()) { client in
            let asked = try await client.post(
                "/v1/chat/completions", Self.ask("hi", ["stream": true, "stream_options": ["include_usage": true]]))
            #expect(asked.chunks.last?["choices"] == [] && asked.chunks.last?[path: "usage.total_tokens"] == 17)
            #expect(asked.chunks.dropLast().allSatisfy { $0.object?["usage"] == .some(.null) })
            let empty = try await client.post(
                "/v1/chat/completions", Self.ask("hi", ["stream": true, "stream_options": [:]]))
            #expect(empty.chunks.allSatisfy { $0["usage"] == nil } && !empty.chunks.isEmpty)
            let refused = try await client.post(
                "/v1/chat/completions", Self.ask("hi", ["stream_options": ["include_usage": true]]))
            #expect(refused.status == .badRequest && refused.error["param"] == "stream_options")
        }
    }

    @Test func choicesDifferAndASeedRepeatsThem() async throws {
        try await TestServer.run(TestServer()) { client in
            let body = Self.ask("dice", ["n": 3, "seed": 7, "max_tokens": 24])
            let texts = { (json: JSONValue) in
                (json["choices"]?.array ?? []).map { $0[path: "message.content"]?.string ?? "" }
            }
            let first = try await client.post("/v1/chat/completions", body).json
            let second = try await client.post("/v1/chat/completions", body).json
            #expect(texts(first).count == 3 && texts(first) == texts(second) && Set(texts(first)).count == 3)
            #expect(first[path: "choices.0.finish_reason"] == "length")
            #expect(first[path: "usage.completion_tokens"] == 72)
            var streamed = ["", "", ""]
            let stream = try await client.post(
                "/v1/chat/completions", Self.ask("dice", ["n": 3, "seed": 7, "max_tokens": 24, "stream": true]))
            for choice in stream.chunks.compactMap({ $0[path: "choices.0"] }) {
                streamed[choice["index"]?.int ?? 0] += choice[path: "delta.content"]?.string ?? ""
            }
            #expect(streamed == texts(first))
        }
    }

    @Test func stopStringsEndAnAnswerAndAreNotShown() async throws {
        try await TestServer.run(TestServer()) { client in
            for stream in [false, true] {
                let reply = try await client.post(
                    "/v1/chat/completions",
                    Self.ask("hi", ["stop": ["zzz", ", 你"], "stream": .bool(stream)]))
                let text =
                    stream
                    ? reply.chunks.compactMap { $0[path: "choices.0.delta.content"]?.string }.joined()
                    : reply.json[path: "choices.0.message.content"]?.string
                #expect(text == "Hello")
            }
        }
    }

    @Test func givesLogProbabilitiesWithAlternatives() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post(
                "/v1/chat/completions", Self.ask("hi", ["logprobs": true, "top_logprobs": 2]))
            let tokens = reply.json[path: "choices.0.logprobs.content"]?.array ?? []
            #expect(tokens.count == 6)
            #expect(tokens.first?["token"] == "Hello" && tokens.first?["bytes"] == [72, 101, 108, 108, 111])
            #expect(tokens.allSatisfy { $0["top_logprobs"]?.array?.count == 2 && $0["logprob"]?.double ?? 1 <= 0 })
            #expect(tokens.dropFirst(2).first?["bytes"] == [0xE4, 0xBD])
            let bytes = tokens.flatMap { $0["bytes"]?.array ?? [] }.compactMap { $0.int.map(UInt8.init) }
            #expect(String(decoding: bytes, as: UTF8.self) == "Hello, 你好!!")
            let streamed = try await client.post(
                "/v1/chat/completions", Self.ask("hi", ["logprobs": true, "stream": true]))
            let parts = streamed.chunks.flatMap { $0[path: "choices.0.logprobs.content"]?.array ?? [] }
            #expect(parts.map { $0["token"] } == tokens.map { $0["token"] })
            let refused = try await client.post("/v1/chat/completions", Self.ask("hi", ["top_logprobs": 2]))
            #expect(refused.status == .badRequest && refused.error["param"] == "top_logprobs")
        }
    }

    @Test func keepsReasoningApart() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post("/v1/chat/completions", Self.ask("think"))
            #expect(reply.json[path: "choices.0.message.content"] == "done")
            #expect(reply.json[path: "choices.0.message.reasoning_content"] == "hmm")
        }
    }

    @Test func aPromptThatDoesNotFitIsRefusedAndNotCut() async throws {
        let server = try await TestServer(assistant: { $0.contextTokens = 128 })
        try await TestServer.run(server) { client in
            let long = String(repeating: "x", count: 200)
            for stream in [false, true] {
                let reply = try await client.post("/v1/chat/completions", Self.ask(long, ["stream": .bool(stream)]))
                #expect(reply.status == .badRequest && reply.error["code"] == "context_length_exceeded")
                #expect(reply.error["param"] == "messages" && reply.error["type"] == "invalid_request_error")
            }
            let turns: JSONValue = [
                "messages": [
                    ["role": "user", "content": .string(long)], ["role": "assistant", "content": "a"],
                    ["role": "user", "content": "hi"],
                ], "truncation": "auto",
            ]
            let cut = try await client.post("/v1/chat/completions", turns)
            #expect(cut.json[path: "choices.0.message.content"] == "Hello, 你好!!")
        }
    }

    @Test func goesOnBeyondTheEndWhenAsked() async throws {
        try await TestServer.run(TestServer()) { client in
            let more: JSONObject = ["ignore_eos": true, "max_tokens": 40, "priority": -5]
            for path in ["/v1/chat/completions", "/v1/completions"] {
                var body = Self.ask("hi", more).object ?? JSONObject()
                body["prompt"] = "E"
                let reply = try await client.post(path, .object(body))
                #expect(reply.json[path: "usage.completion_tokens"] == 40, "\(reply.text)")
                #expect(reply.json[path: "choices.0.finish_reason"] == "length")
            }
        }
    }

    @Test func tellsHowMuchRoomThereIs() async throws {
        let server = try await TestServer(assistant: {
            $0.sequencesMax = 2
            $0.queueMax = 3
        })
        try await TestServer.run(server) { client in
            for stream in [false, true] {
                let body = Self.ask("hi", ["stream": .bool(stream)])
                let headers = try await client.post("/v1/chat/completions", body).headers
                #expect(headers[.init("x-ratelimit-limit-requests")!] == "5")
                let free = headers[.init("x-ratelimit-remaining-requests")!].flatMap { Int($0) } ?? -1
                #expect(stream ? (4...5).contains(free) : free == 5)
                #expect(headers[.init("x-ratelimit-reset-requests")!]?.hasSuffix("s") ?? true)
            }
        }
    }
}
