import HTTPTypes
import JSON
import Server
import Store
import Testing

@Suite struct AccessTests {
    static let paths = ["/v1/models", "/metrics", "/api/about", "/api/conversations", "/api/runs"]

    @Test func aServerThatOthersReachNeedsAKeyToStart() async throws {
        await #expect(throws: ServerError.keysNeeded(host: "0.0.0.0")) { try await TestServer(host: "0.0.0.0") }
        for host in ["127.0.0.1", "::1", "localhost"] { _ = try await TestServer(host: host) }
        #expect(ServerError.keysNeeded(host: "h").description.contains("danlu keys create"))
    }

    /// Each of these has let a stranger in somewhere.
    @Test func onlyAWorkingKeyOpens() async throws {
        let (server, keys) = try await Self.open(names: ["laptop"])
        let key = keys[0]
        let revoked = try await server.store.createKey(name: "old")
        try await server.store.revokeKey(revoked.record.id)
        try await TestServer.run(server) { client in
            for path in Self.paths {
                for header in [
                    nil, "", "Bearer", "Bearer ", "Bearer \(key)x", "Bearer \(key.dropLast())", "Basic \(key)", key,
                    "Bearer \(revoked.key)", "Bearer ' OR 1=1 --", "Bearer \(key) \(key)", "Bearer \(key.uppercased())",
                ] {
                    var headers = HTTPFields()
                    headers[.authorization] = header
                    headers[.init("X-Api-Key")!] = key
                    let reply = try await client.get(path, headers: headers)
                    #expect(
                        reply.status == .unauthorized && reply.error["code"] == "invalid_api_key", "\(header ?? "none")"
                    )
                    #expect(reply.headers[.wwwAuthenticate] == "Bearer" && !reply.text.contains(key))
                }
                let reply = try await client.get(path, headers: [.authorization: "bearer  \(key) "])
                #expect(reply.status == .ok, "\(path): \(reply.text)")
            }
            #expect(try await client.get("/health").status == .ok)
            #expect(try await client.get("/").status == .ok)
        }
        #expect(try await server.store.keys()[0].lastUsedAt != nil)
    }

    /// What belongs to one key is not there for another: not read, not changed, not found.
    @Test func conversationsOfOthersAreNotThere() async throws {
        let (server, keys) = try await Self.open(names: ["甲", "乙"])
        let store = server.store
        let chat = try await store.createConversation(NewConversation(owner: "甲", title: "秘密", model: TestServer.model))
        let question = try await store.addMessage(to: chat.id, parent: nil, role: .user, content: "秘密")
        let answer = try await store.addMessage(to: chat.id, parent: question.id, role: .assistant, content: "密")
        let requests: [(HTTPRequest.Method, String, JSONValue?)] = [
            (.get, "conversations/\(chat.id)", nil), (.patch, "conversations/\(chat.id)", ["title": "x"]),
            (.get, "conversations/\(chat.id)/messages", nil), (.get, "conversations/\(chat.id)/export", nil),
            (.get, "conversations/\(chat.id)/export?format=json", nil),
            (.post, "conversations/\(chat.id)/messages", ["content": "x"]),
            (.post, "messages/\(answer.id)/regenerate", [:]), (.post, "messages/\(answer.id)/stop", [:]),
            (.get, "messages/\(answer.id)/stream", nil), (.put, "messages/\(answer.id)/rating", ["thumb": "up"]),
            (.delete, "messages/\(answer.id)/rating", nil), (.patch, "messages/\(answer.id)/branch", [:]),
            (.delete, "conversations/\(chat.id)", nil),
        ]
        try await TestServer.run(server) { client in
            for (method, path, body) in requests {
                let reply = try await client.send(
                    method, "/api/\(path)", body, headers: [.authorization: "Bearer \(keys[1])"])
                #expect(reply.status == .notFound && !reply.text.contains("秘"), "\(method) \(path): \(reply.text)")
            }
            let list = try await client.get("/api/conversations?q=秘密", headers: [.authorization: "Bearer \(keys[1])"])
            #expect(list.json["conversations"] == [])
            let own = try await client.get("/api/conversations", headers: [.authorization: "Bearer \(keys[0])"])
            #expect(own.json["conversations"]?.array?.count == 1)
        }
        #expect(try await store.allMessages(of: chat.id).count == 2)
    }

    /// A page of another site reaches a loopback server by a name of its own that leads here.
    @Test(arguments: [
        "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "[::2]", "",
    ])
    func dnsRebindingIsRefused(host: String) async throws {
        let server = try await TestServer()
        try await TestServer.runLive(server) { client in
            let connection = try RawConnection(port: client.port)
            try connection.send("GET /v1/models HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
            try await connection.read { $0.isClosedByPeer }
            #expect(connection.text.hasPrefix("HTTP/1.1 403") && connection.text.contains("wrong_host"))
        }
    }

    @Test func foreignPagesAreRefusedUnlessNamed() async throws {
        try await TestServer.run(TestServer(allowedOrigins: ["https://good.example"])) { client in
            for origin in ["https://evil.example", "null", "https://good.example.evil.example", "http://good.example"] {
                for method in [HTTPRequest.Method.get, .options] {
                    let reply = try await client.send(method, "/v1/models", headers: [.origin: origin])
                    #expect(reply.status == .forbidden && reply.headers[.accessControlAllowOrigin] == nil)
                }
            }
            let own = try await client.get("/v1/models", headers: [.origin: "http://localhost"])
            #expect(own.status == .ok && own.headers[.accessControlAllowOrigin] == nil)
            let good = try await client.get("/v1/models", headers: [.origin: "https://good.example"])
            #expect(
                good.headers[.accessControlAllowOrigin] == "https://good.example" && good.headers[.vary] == "Origin")
            let failed = try await client.get("/v1/models/none", headers: [.origin: "https://good.example"])
            #expect(failed.status == .notFound && failed.headers[.accessControlAllowOrigin] != nil)
            let preflight = try await client.send(
                .options, "/v1/chat/completions",
                headers: [.origin: "https://good.example", .accessControlRequestMethod: "POST"])
            #expect(
                preflight.status == .noContent
                    && preflight.headers[.accessControlAllowMethods]?.contains("POST") == true)
        }
    }

    @Test func wrongMethodsAndPathsAreTold() async throws {
        try await TestServer.run(TestServer()) { client in
            let wrong = try await client.get("/v1/chat/completions")
            #expect(wrong.status == .methodNotAllowed && wrong.headers[.allow] == "POST, OPTIONS")
            #expect(wrong.error["code"] == "method_not_allowed")
            let list = try await client.send(.delete, "/v1/models/scripted/one")
            #expect(list.status == .methodNotAllowed && list.headers[.allow] == "GET, HEAD, OPTIONS")
            #expect(try await client.send(.options, "/v1/models").headers[.allow] == "GET, HEAD, OPTIONS")
            for path in [
                "/v1/nothing", "/v2/chat/completions", "/api/../v1", "/page/..%2f..%2fetc%2fpasswd", "/page/none.js",
            ] {
                let reply = try await client.get(path)
                #expect(reply.status == .notFound && reply.error["message"]?.string != nil, "\(path): \(reply.text)")
            }
            let head = try await client.send(.head, "/v1/models")
            #expect(head.status == .ok && head.text.isEmpty)
        }
    }

    private static func open(names: [String]) async throws -> (TestServer, [String]) {
        // The first key makes the server willing to start.
        let server = try await TestServer(host: "0.0.0.0", owners: names)
        return (server, server.keys)
    }
}
