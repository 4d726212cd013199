import Foundation
import HTTPTypes
import JSON
import Server
import Testing

@Suite struct LifecycleTests {
    static let endless = "{\"messages\":[{\"role\":\"user\",\"content\":\"loop\"}],\"stream\":true}"

    /// Answers of the model that run right now, from the server's own metrics.
    static func running(_ client: TestClient) async throws -> Int { try await gauge("requests_processing", client) }

    static func gauge(_ name: String, _ client: TestClient) async throws -> Int {
        let lines = try await client.get("/metrics").text.split(separator: "\n")
        let line = lines.first { $0.hasPrefix("danlu_\(name){") }
        return line.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    }

    static func wait(for what: String, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            guard ContinuousClock.now < end else {
                Issue.record("waited in vain for \(what)")
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(arguments: [true, false])
    func aClientThatHangsUpFreesItsPlace(streams: Bool) async throws {
        try await TestServer.runLive(TestServer()) { client in
            let connection = try RawConnection(port: client.port)
            let body = streams ? Self.endless : Self.endless.replacingOccurrences(of: "true", with: "false")
            try connection.post("/v1/chat/completions", body)
            if streams { try await connection.read { $0.text.contains("tock") } }
            try await Self.wait(for: "the answer to run") { try await Self.running(client) == 1 }
            connection.close()
            let start = ContinuousClock.now
            try await Self.wait(for: "the place to be free") { try await Self.running(client) == 0 }
            // The answer itself would take minutes.
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test func aFullQueueIs429WithRetryAfter() async throws {
        let server = try await TestServer(assistant: {
            $0.sequencesMax = 1
            $0.queueMax = 1
        })
        try await TestServer.runLive(server) { client in
            var connections: [RawConnection] = []
            for place in 0..<2 {
                connections.append(try RawConnection(port: client.port))
                try connections[place].post("/v1/chat/completions", Self.endless)
                if place == 0 { try await connections[0].read { $0.text.contains("tick") } }
            }
            try await Self.wait(for: "the queue to fill") { try await Self.gauge("requests_deferred", client) == 1 }
            let refused = try await client.post("/v1/chat/completions", ChatCompletionsTests.hello)
            #expect(refused.status == .tooManyRequests && refused.error["type"] == "rate_limit_error")
            #expect(refused.headers[.retryAfter].flatMap { Int($0) } ?? 0 > 0)
            #expect(refused.headers[.init("x-ratelimit-remaining-requests")!] == "0")
            for connection in connections { connection.close() }
            try await Self.wait(for: "room") {
                try await client.post("/v1/chat/completions", ChatCompletionsTests.hello).status == .ok
            }
        }
    }

    @Test func anAnswerThatTakesTooLongIsCutOffWithAnError() async throws {
        let server = try await TestServer(limits: { $0.requestSecondsMax = 0.3 })
        try await TestServer.run(server) { client in
            let whole = try await client.post("/v1/chat/completions", ChatCompletionsTests.ask("loop"))
            #expect(whole.status == .gatewayTimeout && whole.error["code"] == "timeout", "\(whole.text.prefix(300))")
            let stream = try await client.post(
                "/v1/chat/completions", ChatCompletionsTests.ask("loop", ["stream": true]))
            #expect(stream.status == .ok && stream.chunks.last?[path: "error.code"] == "timeout")
            #expect(!stream.text.contains("[DONE]"))
            let typed = try await client.post("/v1/responses", ["input": "loop", "stream": true])
            #expect(typed.events.suffix(2).map(\.name) == ["response.failed", "error"])
            #expect(typed.events.last?.json[path: "error.code"] == "timeout")
        }
    }

    @Test func idleConnectionsAndSlowBodiesAreClosed() async throws {
        let server = try await TestServer(limits: {
            $0.idleConnectionSecondsMax = 3
            $0.bodySecondsMax = 0.2
        })
        try await TestServer.runLive(server) { client in
            let silent = try RawConnection(port: client.port)
            let half = try RawConnection(port: client.port)
            try half.send("GET /health HT")
            let slow = try RawConnection(port: client.port)
            try slow.send("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"a")
            try await slow.read { $0.text.hasPrefix("HTTP/1.1 408") }
            try await silent.read { $0.isClosedByPeer }
            try await half.read { $0.isClosedByPeer }
        }
    }

    /// A connection is used again for what does not have to watch for a hang-up.
    @Test func connectionsAreKeptAlive() async throws {
        try await TestServer.runLive(TestServer()) { client in
            let connection = try RawConnection(port: client.port)
            for count in 1...3 {
                try connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await connection.read { $0.text.components(separatedBy: "HTTP/1.1 200").count == count + 1 }
            }
        }
    }

    @Test func aSilentStreamIsPinged() async throws {
        let server = try await TestServer(
            limits: { $0.streamPingSeconds = 0.05 }, assistant: { $0.sequencesMax = 1 })
        try await TestServer.runLive(server) { client in
            let first = try RawConnection(port: client.port)
            try first.post("/v1/chat/completions", Self.endless)
            try await first.read { $0.text.contains("tick") }
            let second = try RawConnection(port: client.port)
            try second.post("/v1/chat/completions", Self.endless)
            try await second.read { $0.text.contains(": ping\n\n") }
            #expect(!second.text.contains("data:"))
        }
    }

    /// SIGTERM: a running answer goes on, new work is 503, and the server ends when the answer does.
    @Test func drainingLetsAnswersFinishAndRefusesNewOnes() async throws {
        let server = try await TestServer(limits: { $0.drainSecondsMax = 20 })
        try await Self.withGroup(server) { port, group in
            let idle = try RawConnection(port: port)
            let answer = try RawConnection(port: port)
            let body = Self.endless.replacingOccurrences(of: "true", with: "true,\"max_tokens\":8000")
            try answer.post("/v1/chat/completions", body)
            try await answer.read { $0.text.contains("tock") }
            await group.triggerGracefulShutdown()

            try await Self.wait(for: "503") {
                let connection = try RawConnection(port: port)
                try connection.post("/v1/chat/completions", Self.endless, headers: "Connection: close\r\n")
                try await connection.read { $0.text.contains("tick") || $0.text.contains("}}") }
                return connection.text.hasPrefix("HTTP/1.1 503") && connection.text.contains("Retry-After: ")
            }
            try idle.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await idle.read { $0.text.hasPrefix("HTTP/1.1 503") }
            try await answer.read(seconds: 60) { $0.text.contains("data: [DONE]") }
            #expect(answer.text.contains("\"finish_reason\":\"length\""))
        }
    }

    @Test func drainingEndsAnswersThatTakeTooLong() async throws {
        let server = try await TestServer(limits: { $0.drainSecondsMax = 1 })
        let start = ContinuousClock.now
        try await Self.withGroup(server) { port, group in
            let answer = try RawConnection(port: port)
            try answer.post("/v1/chat/completions", Self.endless)
            try await answer.read { $0.text.contains("tock") }
            await group.triggerGracefulShutdown()
            try await answer.read { $0.text.contains("\"code\":\"draining\"") }
        }
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    @Test func aPortInUseIsToldWithTheRemedy() async throws {
        let first = try await TestServer()
        try await Self.withGroup(first) { port, _ in
            let second = try await TestServer(port: port)
            await #expect(throws: ServerError.self) {
                try await second.server.run(handlesSignals: false) { _ in }
            }
        }
        let error = ServerError.cannotListen(host: "127.0.0.1", port: 80, reason: "Address already in use")
        #expect("\(error)".contains("--port") && "\(error)".contains("Address already in use"))
    }

    private static func withGroup(
        _ server: TestServer, _ test: (Int, ServerGroup) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let group = ServerGroup(server.server) { found.yield($0) }
        let running = Task { try await group.run() }
        let port = try #require(await ports.first { _ in true })
        do {
            try await test(port, group)
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }
}
