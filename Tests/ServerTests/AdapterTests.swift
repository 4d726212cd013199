import Foundation
import HTTPTypes
import JSON
import Server
import Testing

/// LoRA adapters over the API: chosen, listed, loaded and let go while answers are written.
@Suite struct AdapterTests {
    /// A folder with one adapter, `ticks`, and traps around it.
    private let folder: URL
    private let server: TestServer

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "danlu-adapters-\(UUID().uuidString)")
        try ScriptedAdapter.write(to: folder.appending(path: "good/ticks"))
        server = try await TestServer(adaptersFolder: folder.appending(path: "good").path)
    }

    private static func load(_ name: String, _ path: String) -> JSONValue {
        ["lora_name": .string(name), "lora_path": .string(path)]
    }

    private static func ask(_ model: String, _ more: JSONObject = [:], tokens: Int = 6) -> JSONValue {
        var body: JSONObject = [
            "model": .string(model), "temperature": 0, "max_tokens": .int(tokens),
            "messages": [["role": "user", "content": "hi"]],
        ]
        for (key, value) in more { body[key] = value }
        return .object(body)
    }

    private static func text(
        _ client: TestClient, _ model: String, _ more: JSONObject = [:]
    ) async throws -> JSONValue {
        let reply = try await client.post("/v1/chat/completions", ask(model, more))
        return reply.json[path: "choices.0.message.content"] ?? .string("\(reply.status): \(reply.text)")
    }

    static let plain: JSONValue = "Hello, 你好!!"
    static let ticks: JSONValue = "tick tock tick tock tick tock "

    @Test func anAdapterIsAModelAndARequestMayChoose() async throws {
        try await TestServer.run(server) { client in
            let loaded = try await client.post("/v1/load_lora_adapter", Self.load("ticks", "ticks"))
            #expect(loaded.status == .ok && loaded.json["parent"] == .string(TestServer.model), "\(loaded.text)")
            #expect(try await Self.text(client, "ticks") == Self.ticks)
            #expect(try await Self.text(client, TestServer.model) == Self.plain)
            let adapters = try await client.get("/lora-adapters").json
            let id = adapters[path: "0.id"] ?? .null
            let choices: [(JSONValue, JSONValue)] = [
                ([["name": "ticks"]], Self.ticks), ([["id": id, "scale": 1.5]], Self.ticks),
                ([["id": id, "scale": 0]], Self.plain), ([], Self.plain), (.null, Self.plain),
            ]
            for (choice, expected) in choices {
                #expect(try await Self.text(client, TestServer.model, ["lora": choice]) == expected)
            }
            // What a request chooses goes before what the name stands for.
            #expect(try await Self.text(client, "ticks", ["lora": []]) == Self.plain)
            let reply = try await client.post("/v1/chat/completions", Self.ask("ticks"))
            #expect(reply.json["model"] == "ticks")
            let response = try await client.post(
                "/v1/responses", ["model": "ticks", "input": "hi", "temperature": 0, "max_output_tokens": 4])
            #expect(response.text.contains("tick tock tick tock "))
        }
    }

    @Test func adaptersAreListedWithTheirParent() async throws {
        try await TestServer.run(server) { client in
            _ = try await client.post("/v1/load_lora_adapter", Self.load("a/b", "ticks"))
            let list = try await client.get("/v1/models").json
            #expect(list["data"]?.array?.count == 2 && list[path: "data.0.parent"] == nil)
            #expect(list[path: "data.1.id"] == "a/b" && list[path: "data.1.parent"] == .string(TestServer.model))
            #expect(try await client.get("/v1/models/a/b").json == list[path: "data.1"])
            let about = try await client.get("/api/about").json
            #expect(about[path: "models.1.id"] == "a/b" && about[path: "models.1.parent"] == .string(TestServer.model))
            #expect(about[path: "models.1.context_length"] == about[path: "models.0.context_length"])
            let embeddings = try await [TestServer.model, "a/b"].asyncMap { model in
                try await client.post("/v1/embeddings", ["model": .string(model), "input": "<|answer|>"]).json
            }
            #expect(embeddings[0][path: "data.0.embedding"] != embeddings[1][path: "data.0.embedding"])
            #expect(embeddings[1]["model"] == "a/b")
        }
    }

    @Test func lettingGoWaitsForRunningAnswers() async throws {
        try await TestServer.run(server) { client in
            _ = try await client.post("/v1/load_lora_adapter", Self.load("ticks", "ticks"))
            let again = try await client.post("/v1/load_lora_adapter", Self.load("ticks", "ticks"))
            #expect(again.status == .badRequest && again.text.contains("there already"))
            let answers = (0..<3).map { _ in
                Task { try await client.post("/v1/chat/completions", Self.ask("ticks", tokens: 800)) }
            }
            for _ in 0..<2000 {
                let metrics = try await client.get("/metrics").text
                if metrics.contains("requests_processing{model=\"scripted/one\"} 3") { break }
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await client.post("/v1/unload_lora_adapter", ["lora_name": "ticks"]).status == .ok)
            let gone = try await client.post("/v1/chat/completions", Self.ask("ticks"))
            #expect(gone.status == .notFound && gone.error["code"] == "model_not_found")
            // The name is free at once, while answers are still written with the adapter that had it.
            #expect(try await client.post("/v1/load_lora_adapter", Self.load("ticks", "ticks")).status == .ok)
            for answer in answers {
                let text = try await answer.value.json[path: "choices.0.message.content"]
                #expect(text == .string(String(repeating: "tick tock ", count: 400)))
            }
        }
    }

    @Test func whatIsWrongInARequestIsSaid() async throws {
        try await TestServer.run(server) { client in
            _ = try await client.post("/v1/load_lora_adapter", Self.load("ticks", "ticks"))
            let wrong: [(JSONValue, String)] = [
                ("ticks", "lora"), ([1], "lora[0]"), ([["scale": 1]], "lora[0].id"), ([["id": 99]], "lora[0]"),
                ([["name": "none"]], "lora[0]"), ([["name": "ticks", "scale": 1e9]], "lora[0].scale"),
                ([["name": "ticks"], ["id": -1]], "lora[1].id"),
                (.array(Array(repeating: ["name": "ticks"], count: 9)), "lora"),
            ]
            for (value, field) in wrong {
                let reply = try await client.post("/v1/chat/completions", Self.ask(TestServer.model, ["lora": value]))
                #expect(reply.status == .badRequest && reply.error["param"] == .string(field), "\(reply.text)")
            }
            for name in ["", "a\u{1}", TestServer.model, String(repeating: "x", count: 300)] {
                let reply = try await client.post("/v1/load_lora_adapter", Self.load(name, "ticks"))
                #expect(reply.status == .badRequest, "\(name)")
            }
            let unknown = try await client.post("/v1/unload_lora_adapter", ["lora_name": "none"])
            #expect(unknown.status == .notFound && unknown.error["code"] == "adapter_not_found")
        }
    }

    /// A name never leads out of the folder, and what is refused does not say what lies outside.
    @Test func onlyTheFolderIsRead() async throws {
        let good = folder.appending(path: "good")
        let manager = FileManager.default
        try ScriptedAdapter.write(to: folder.appending(path: "outside"))
        try ScriptedAdapter.write(to: folder.appending(path: "good2"))
        try ScriptedAdapter.write(to: good.appending(path: "deep/er"))
        try ScriptedAdapter.write(to: good.appending(path: ".hidden"))
        try manager.createSymbolicLink(
            at: good.appending(path: "link"), withDestinationURL: folder.appending(path: "outside"))
        try manager.createSymbolicLink(
            at: good.appending(path: "inner"), withDestinationURL: good.appending(path: "ticks"))
        try manager.createDirectory(at: good.appending(path: "mixed"), withIntermediateDirectories: true)
        for (file, source) in [("adapter_config.json", "good/ticks"), ("adapter_model.safetensors", "outside")] {
            try manager.createSymbolicLink(
                at: good.appending(path: "mixed/\(file)"),
                withDestinationURL: folder.appending(path: "\(source)/\(file)"))
        }
        let outside = folder.appending(path: "outside").path
        try await TestServer.run(server) { client in
            for path in [
                "../outside", "..", ".", "", "/", outside, "/etc/passwd", "ticks/../../outside", "ticks//x", "./ticks",
                "link", "mixed", ".hidden", "..\\outside", "%2e%2e/outside", "../good2", "none", "ticks\u{0}x",
                String(repeating: "a/", count: 600),
            ] {
                let reply = try await client.post("/v1/load_lora_adapter", Self.load("x", path))
                #expect(reply.status == .badRequest && reply.error["code"] == "adapter_not_found", "\(path)")
                #expect(!reply.text.contains(good.path), "\(path)")
            }
            for (name, path) in [("a", "deep/er"), ("b", "inner"), ("c", "ticks")] {
                #expect(try await client.post("/v1/load_lora_adapter", Self.load(name, path)).status == .ok, "\(path)")
            }
            // What is no adapter says why, but not where.
            let reply = try await client.post("/v1/load_lora_adapter", Self.load("x", "deep"))
            #expect(reply.status == .badRequest && reply.error["code"] == "adapter_error", "\(reply.text)")
            #expect(reply.text.contains("adapter_config.json") && !reply.text.contains(good.path))
        }
    }

    @Test func damagedAdaptersAreRefused() async throws {
        let good = folder.appending(path: "good")
        let weights = try Data(contentsOf: good.appending(path: "ticks/adapter_model.safetensors"))
        let noise = Data(repeating: 7, count: 500)
        for (name, bytes) in [("cut", weights.dropLast(9)), ("none", Data()), ("noise", noise)] {
            try ScriptedAdapter.write(to: good.appending(path: name))
            try Data(bytes).write(to: good.appending(path: "\(name)/adapter_model.safetensors"))
        }
        try Data("GGUF".utf8).write(to: good.appending(path: "x.gguf"))
        try await TestServer.run(server) { client in
            for path in ["cut", "none", "noise", "x.gguf"] {
                let reply = try await client.post("/v1/load_lora_adapter", Self.load(path, path))
                #expect(reply.status == .badRequest && reply.error["code"] == "adapter_error", "\(reply.text)")
                #expect(!reply.text.contains(good.path))
            }
            #expect(try await client.get("/v1/models").json["data"]?.array?.count == 1)
        }
    }

    @Test func loadingIsOffUnlessTheOperatorNamesAFolder() async throws {
        let path = folder.appending(path: "nothing").path
        await #expect(throws: ServerError.noAdaptersFolder(path: path)) { try await TestServer(adaptersFolder: path) }
        try await TestServer.run(TestServer()) { client in
            for action in ["load", "unload"] {
                let reply = try await client.post("/v1/\(action)_lora_adapter", Self.load("x", "ticks"))
                #expect(reply.status == .forbidden && reply.error["code"] == "adapters_disabled")
            }
        }
    }

    /// Beyond loopback a key is needed, and each adapter is its bringer's.
    @Test func keysGuardAdapters() async throws {
        let server = try await TestServer(
            host: "0.0.0.0", owners: ["甲", "乙"], adaptersFolder: folder.appending(path: "good").path)
        let headers = server.keys.map { key -> HTTPFields in [.authorization: "Bearer \(key)"] }
        try await TestServer.run(server) { client in
            let body = Self.load("ticks", "ticks")
            #expect(try await client.post("/v1/load_lora_adapter", body).status == .unauthorized)
            #expect(try await client.get("/lora-adapters").status == .unauthorized)
            #expect(try await client.post("/v1/load_lora_adapter", body, headers: headers[0]).status == .ok)
            let theirs = try await client.post("/v1/unload_lora_adapter", body, headers: headers[1])
            #expect(theirs.status == .forbidden && theirs.error["code"] == "not_yours")
            let used = try await client.post("/v1/chat/completions", Self.ask("ticks"), headers: headers[1])
            #expect(used.json[path: "choices.0.message.content"] == Self.ticks)
            #expect(try await client.post("/v1/unload_lora_adapter", body, headers: headers[0]).status == .ok)
        }
    }

    /// What the operator loads at the start is there for all, and nobody's to let go.
    @Test func theOperatorsAdaptersStay() async throws {
        let shelf = server.shelf
        _ = try await shelf.loadAdapter(name: "mine", path: folder.appending(path: "good/ticks").path)
        try await TestServer.run(server) { client in
            #expect(try await Self.text(client, "mine") == Self.ticks)
            let reply = try await client.post("/v1/unload_lora_adapter", ["lora_name": "mine"])
            #expect(reply.status == .forbidden)
        }
        try shelf.unloadAdapter(name: "mine")
        #expect(shelf.names == [TestServer.model])
    }
}

extension Sequence where Self: Sendable {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
