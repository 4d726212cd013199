import Assistant
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import Server
import Store

/// A server with the scripted model and a database of its own: everything is real but the network.
struct TestServer {
    static let model = "scripted/one"

    let server: DanluServer
    let store: Store
    let shelf: ModelShelf
    let folder: URL
    /// One for each owner asked for.
    let keys: [String]

    init(
        host: String = "127.0.0.1", port: Int = 0, allowedOrigins: Set<String> = [], owners: [String] = [],
        adaptersFolder: String? = nil, traceIndex: String? = nil,
        limits: (inout ServerLimits) -> Void = { _ in }, assistant: (inout AssistantOptions) -> Void = { _ in }
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "danlu-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store(path: folder.appending(path: "t.sqlite").path)
        var keys: [String] = []
        for owner in owners { keys.append(try await store.createKey(name: owner).key) }
        self.keys = keys
        var options = ServerOptions()
        options.host = host
        options.port = port
        options.allowedOrigins = allowedOrigins
        options.adaptersFolder = adaptersFolder
        options.traceIndex = traceIndex
        limits(&options.limits)
        var assistantOptions = AssistantOptions()
        assistantOptions.threads = 1
        assistantOptions.contextTokens = ScriptedModel.contextTokens
        assistantOptions.cacheTokens = 4 * ScriptedModel.contextTokens
        assistant(&assistantOptions)
        shelf = ModelShelf([ModelShelf.Entry(name: Self.model, path: ScriptedModel.folder.path)]) {
            [assistantOptions] entry in
            try Assistant.load(path: entry.path, name: entry.name, options: assistantOptions)
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        server = try await DanluServer(shelf: shelf, store: store, options: options, logger: logger)
    }

    /// Runs a test against the router, without sockets.
    static func run<Value: Sendable>(
        _ server: TestServer, _ test: @escaping @Sendable (TestClient) async throws -> Value
    ) async throws -> Value {
        try await server.server.application().test(.router) { try await test(TestClient($0)) }
    }

    /// Runs a test over a real socket, with the drain at the end.
    static func runLive<Value: Sendable>(
        _ server: TestServer, _ test: @escaping @Sendable (TestClient) async throws -> Value
    ) async throws -> Value {
        try await server.server.application().test(.live) { try await test(TestClient($0)) }
    }
}

/// Speaks JSON with a server.
struct TestClient: Sendable {
    let client: any TestClientProtocol

    init(_ client: some TestClientProtocol) { self.client = client }

    var port: Int { client.port ?? 0 }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, headers: HTTPFields = [:]
    ) async throws -> Reply {
        try await send(method, path, bytes: body.map { Array($0.serialized().utf8) }, headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, bytes: [UInt8]?, headers: HTTPFields = [:]
    ) async throws -> Reply {
        var headers = headers
        if bytes != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let response = try await client.executeRequest(
            uri: path, method: method, headers: headers, body: bytes.map { ByteBuffer(bytes: $0) })
        return Reply(status: response.status, headers: response.headers, text: String(buffer: response.body))
    }

    func post(_ path: String, _ body: JSONValue, headers: HTTPFields = [:]) async throws -> Reply {
        try await send(.post, path, body, headers: headers)
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Reply {
        try await send(.get, path, headers: headers)
    }
}

/// What a server answered.
struct Reply: Sendable {
    struct Event: Sendable, Equatable {
        var name: String?
        var data: String

        var json: JSONValue { (try? JSONValue(parsing: data)) ?? .null }
    }

    var status: HTTPResponse.Status
    var headers: HTTPFields
    var text: String

    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    var error: JSONValue { json["error"] ?? .null }

    /// The events of a stream; comments are left out.
    var events: [Event] {
        text.components(separatedBy: "\n\n").compactMap { block in
            var event = Event(name: nil, data: "")
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
            }
            return event.data.isEmpty ? nil : event
        }
    }

    /// The events of OpenAI's streams without the last one, `[DONE]`.
    var chunks: [JSONValue] { events.filter { $0.data != "[DONE]" }.map(\.json) }
}

extension JSONValue {
    /// The value at a path such as `"choices.0.delta.content"`.
    subscript(path path: String) -> JSONValue? {
        var value: JSONValue? = self
        for part in path.split(separator: ".") { value = Int(part).flatMap { value?[$0] } ?? value?[String(part)] }
        return value
    }
}
