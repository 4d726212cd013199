import JSON
import Testing

@Suite struct ModelsTests {
    @Test func listsModelsAndFindsThoseWithSlashes() async throws {
        try await TestServer.run(TestServer()) { client in
            let list = try await client.get("/v1/models").json
            #expect(list["object"] == "list" && list["data"]?.array?.count == 1)
            #expect(list[path: "data.0.id"] == .string(TestServer.model) && list[path: "data.0.object"] == "model")
            for path in ["scripted/one", "scripted%2Fone", "scripted%2fone"] {
                #expect(try await client.get("/v1/models/\(path)").json == list[path: "data.0"])
            }
        }
    }

    /// A name is looked up in the list and never becomes a path.
    @Test(arguments: [
        "../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "/etc/passwd", "%00", "none", "scripted", "scripted/one/x", "%FF",
    ])
    func namesThatLeadNowhereAreNotFound(name: String) async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.get("/v1/models/\(name)")
            #expect(reply.status == .notFound && reply.error["code"] == "model_not_found", "\(reply.text)")
            let chat = try await client.post(
                "/v1/chat/completions", ChatCompletionsTests.ask("hi", ["model": .string(name)]))
            #expect(chat.status == .notFound && chat.error["param"] == "model")
        }
    }

    @Test func tokenizesThereAndBack() async throws {
        try await TestServer.run(TestServer()) { client in
            for prefix in ["", "/v1"] {
                let tokens = try await client.post("\(prefix)/tokenize", ["content": "你<|end|>"]).json["tokens"]
                #expect(tokens?.array?.count == 10)
                let text = try await client.post("\(prefix)/detokenize", ["tokens": tokens ?? .null]).json["content"]
                #expect(text == "你<|end|>")
            }
            let special = try await client.post("/tokenize", ["content": "<|end|>", "parse_special": true]).json
            #expect(special["tokens"]?.array?.count == 1)
            let wild = try await client.post("/detokenize", ["tokens": [2_147_483_647, 97]]).json
            #expect(wild["content"] == "a")
            #expect(try await client.post("/tokenize", [:]).error["param"] == "content")
            #expect(try await client.post("/detokenize", ["tokens": [-1]]).status == .badRequest)
        }
    }

    @Test func healthAndMetricsAreThere() async throws {
        try await TestServer.run(TestServer()) { client in
            #expect(try await client.get("/health").json == ["status": "ok"])
            _ = try await client.post("/v1/chat/completions", ChatCompletionsTests.hello)
            _ = try await client.get("/nowhere")
            let metrics = try await client.get("/metrics")
            #expect(metrics.headers[.contentType]?.hasPrefix("text/plain") == true)
            #expect(metrics.text.contains("danlu_http_responses_total{status=\"404\"} 1"))
            #expect(metrics.text.contains("danlu_prompt_tokens_total{model=\"scripted/one\"} 11"))
        }
    }
}
