import Foundation
import HTTPTypes
import JSON
import Store
import Testing

@Suite struct PageAPITests {
    /// Asks in a new conversation and returns it with the events of the answer.
    static func ask(
        _ client: TestClient, _ question: String, _ fields: JSONObject = JSONObject()
    ) async throws -> (id: String, events: [Reply.Event]) {
        let made = try await client.post("/api/conversations", .object(fields))
        let id = made.json["id"]?.string ?? ""
        let reply = try await client.post("/api/conversations/\(id)/messages", ["content": .string(question)])
        return (id, reply.events)
    }

    @Test func aQuestionIsKeptAndItsAnswerStreamed() async throws {
        try await TestServer.run(TestServer()) { client in
            let (id, events) = try await Self.ask(client, "  \n天气如何？\n第二行")
            #expect(events.prefix(3).map(\.name) == ["user", "title", "start"])
            #expect(events[1].json["title"] == "天气如何？")
            let text = events.filter { $0.name == "delta" }.compactMap { $0.json["text"]?.string }.joined()
            #expect(text == "Hello, 你好!!")
            let end = try #require(events.last)
            #expect(end.name == "end" && end.json["status"] == "complete" && end.json["completion_tokens"] == 6)
            let page = try await client.get("/api/conversations/\(id)/messages").json
            #expect(page["messages"]?.array?.map { $0["content"] } == ["  \n天气如何？\n第二行", "Hello, 你好!!"])
            #expect(page["has_more"] == false)
        }
    }

    @Test func anAnswerIsWrittenAgainRatedAndChosen() async throws {
        try await TestServer.run(TestServer()) { client in
            let (id, events) = try await Self.ask(client, "hi")
            let first = events.last?.json["id"]?.string ?? ""
            let again = try await client.post("/api/messages/\(first)/regenerate", [:]).events
            let second = again.last?.json ?? .null
            #expect(second["siblings"]?.array?.count == 2 && second["status"] == "complete")
            let rated = try await client.send(
                .put, "/api/messages/\(first)/rating", ["thumb": "down", "comment": "太长"])
            #expect(rated.json["rating"] == ["thumb": "down", "comment": "太长"])
            #expect(
                try await client.send(.put, "/api/messages/\(first)/rating", ["thumb": "meh"]).error["param"] == "thumb"
            )
            #expect(try await client.send(.delete, "/api/messages/\(first)/rating").json["rating"] == nil)
            let shown = try await client.send(.patch, "/api/messages/\(first)/branch")
            #expect(shown.json["leaf"] == .string(first))
            let page = try await client.get("/api/conversations/\(id)/messages").json
            #expect(page[path: "messages.1.id"] == .string(first))
            let question = page[path: "messages.0.id"]?.string ?? ""
            let third = try await client.post("/api/messages/\(question)/regenerate", [:]).events.last?.json
            #expect(third?["siblings"]?.array?.count == 3)
        }
    }

    /// An answer belongs to its conversation: hanging up does not end it, and a reload finds it again.
    @Test func anAnswerGoesOnWithoutItsReaderUntilItIsStopped() async throws {
        let server = try await TestServer()
        try await TestServer.runLive(server) { client in
            let id = try await client.post("/api/conversations", [:]).json["id"]?.string ?? ""
            let reader = try RawConnection(port: client.port)
            try reader.post("/api/conversations/\(id)/messages", "{\"content\":\"loop\"}")
            try await reader.read { $0.text.contains("tock") }
            reader.close()
            let answer =
                try await client.get("/api/conversations/\(id)/messages").json[path: "messages.1.id"]?.string ?? ""
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await LifecycleTests.running(client) == 1)

            let again = try RawConnection(port: client.port)
            try again.send("GET /api/messages/\(answer)/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await again.read { $0.text.contains("event: snapshot") && $0.text.contains("event: delta") }
            #expect(try await client.post("/api/messages/\(answer)/stop", [:]).status == .noContent)
            try await again.read { $0.text.contains("event: end") }
            #expect(again.text.contains("\"status\":\"stopped\""))
            let kept = try await server.store.message(answer)
            #expect(kept.status == .stopped && kept.content.hasPrefix("tick tock"))
            let over = try await client.get("/api/messages/\(answer)/stream")
            #expect(over.events.map(\.name) == ["end"])
        }
    }

    @Test func conversationsAreChangedFoundExportedAndDeleted() async throws {
        try await TestServer.run(TestServer()) { client in
            let (id, events) = try await Self.ask(client, "天气")
            let answer = events.last?.json["id"] ?? .null
            let changed = try await client.send(
                .patch, "/api/conversations/\(id)",
                ["title": "出行 <b>", "system": "简短", "sampling": ["temperature": 0.5, "max_tokens": 3]])
            #expect(changed.json["title"] == "出行 <b>" && changed.json[path: "sampling.max_tokens"] == 3)
            let found = try await client.get("/api/conversations?q=%E5%A4%A9%E6%B0%94").json
            #expect(found[path: "conversations.0.id"] == .string(id) && found[path: "conversations.0.snippet"] == "天气")
            let cut = try await client.post(
                "/api/conversations/\(id)/messages", ["content": "loop", "parent": answer])
            #expect(cut.events.last?.json["completion_tokens"] == 3)
            let markdown = try await client.get("/api/conversations/\(id)/export")
            #expect(markdown.text.hasPrefix("# 出行 <b>\n\n> 简短\n\n## 我 / You\n\n天气\n"))
            #expect(markdown.headers[.contentDisposition]?.hasPrefix("attachment; filename*=UTF-8''%E5%87%BA") == true)
            let json = try await client.get("/api/conversations/\(id)/export?format=json").json
            #expect(json["messages"]?.array?.count == 4)
            #expect(try await client.send(.delete, "/api/conversations/\(id)").status == .noContent)
            #expect(try await client.get("/api/conversations/\(id)").status == .notFound)
            #expect(try await client.get("/api/conversations").json["conversations"] == [])
        }
    }

    @Test func deletingAConversationEndsItsAnswer() async throws {
        try await TestServer.runLive(TestServer()) { client in
            let id = try await client.post("/api/conversations", [:]).json["id"]?.string ?? ""
            let reader = try RawConnection(port: client.port)
            try reader.post("/api/conversations/\(id)/messages", "{\"content\":\"loop\"}")
            try await reader.read { $0.text.contains("tock") }
            #expect(try await client.send(.delete, "/api/conversations/\(id)").status == .noContent)
            try await reader.read { $0.text.contains("event: end") }
            try await LifecycleTests.wait(for: "the place to be free") {
                try await LifecycleTests.running(client) == 0
            }
        }
    }

    @Test func wrongSettingsAreRefusedWhereTheyAreMade() async throws {
        try await TestServer.run(TestServer()) { client in
            let cases: [(JSONValue, String)] = [
                (["sampling": ["temperature": 9]], "sampling.temperature"),
                (["sampling": ["max_tokens": 0]], "sampling.max_tokens"),
                (["model": "none"], "model"), (["title": .string(String(repeating: "x", count: 201))], "title"),
            ]
            for (body, name) in cases {
                let reply = try await client.post("/api/conversations", body)
                #expect(reply.error["param"] == .string(name), "\(reply.text)")
            }
            let id = try await client.post("/api/conversations", [:]).json["id"]?.string ?? ""
            for body: JSONValue in [[:], ["content": ""], ["content": 5], ["content": "x", "parent": "none"]] {
                let reply = try await client.post("/api/conversations/\(id)/messages", body)
                #expect([.badRequest, .notFound].contains(reply.status), "\(reply.text)")
            }
        }
    }

    @Test func aFullDiskIsToldAndTheServerGoesOn() async throws {
        let server = try await TestServer()
        try await TestServer.run(server) { client in
            let id = try await client.post("/api/conversations", [:]).json["id"]?.string ?? ""
            try await server.store.fillDisk()
            let long = String(repeating: "字", count: 200_000)
            let reply = try await client.post("/api/conversations/\(id)/messages", ["content": .string(long)])
            #expect(reply.status.code == 507 && reply.error["code"] == "disk_full", "\(reply.text)")
            #expect(!reply.text.contains(server.folder.path))
            try await server.store.emptyDisk()
            let next = try await client.post("/api/conversations/\(id)/messages", ["content": "hi"])
            #expect(next.events.last?.name == "end")
        }
    }

    @Test func thePageMayRunItsOwnScriptsOnly() async throws {
        try await TestServer.run(TestServer()) { client in
            let page = try await client.get("/")
            #expect(page.status == .ok && page.headers[.contentType] == "text/html; charset=utf-8")
            let policy = page.headers[.contentSecurityPolicy] ?? ""
            #expect(
                policy.contains("script-src 'self'") && !policy.contains("unsafe")
                    && policy.contains("frame-ancestors 'none'"))
            let tag = page.headers[.eTag] ?? ""
            #expect(try await client.get("/", headers: [.ifNoneMatch: tag]).status == .notModified)
        }
    }
}
