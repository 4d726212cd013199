import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import Server
import Store
import Testing

/// A folder of runs, as files, which goes with this object.
private final class Runs: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "runs-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func add(_ name: String, log: String, config: String = #"{"steps": 100, "model": {"layers": 2}}"#) throws {
        let folder = "\(path)/runs/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try config.write(toFile: "\(folder)/config.json", atomically: true, encoding: .utf8)
        try log.write(toFile: "\(folder)/log.jsonl", atomically: false, encoding: .utf8)
    }

    func server(host: String = "127.0.0.1", key: Bool = false) async throws -> (RunsServer, String?) {
        let store = try Store(path: "\(path)/t.sqlite")
        let made = key ? try await store.createKey(name: "laptop").key : nil
        var options = ServerOptions()
        options.host = host
        options.runsFolder = "\(path)/runs"
        options.limits.runLogBytesMax = 200
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return (try await RunsServer(store: store, options: options, logger: logger), made)
    }
}

@Suite struct RunsTests {
    private static let next = HTTPField.Name("Danlu-Next")!
    private static let from = HTTPField.Name("Danlu-From")!

    private static func step(_ number: Int) -> String {
        #"{"event":"step","step":\#(number),"loss":2.5,"tokens":\#(number * 10)}"# + "\n"
    }

    @Test func runsAreListed() async throws {
        let runs = try Runs()
        defer { withExtendedLifetime(runs) {} }
        try runs.add("乙", log: Self.step(1))
        try runs.add("a", log: "")
        try runs.add("damaged", log: "", config: "{")
        try runs.add(".hidden", log: "")
        let (server, _) = try await runs.server()
        try await server.application().test(.router) { (live) async throws -> Void in
            let client = TestClient(live)
            let reply = try await client.get("/api/runs")
            let list = try #require(reply.json["runs"]?.array)
            #expect(list.compactMap { $0["name"]?.string } == ["a", "乙"])
            #expect(list[1]["bytes"]?.int == Self.step(1).utf8.count && list[1]["configuration"]?["steps"] == 100)
            for path in ["/", "/runs", "/page/runs.js"] {
                let page = try await client.get(path)
                #expect(page.status == .ok && page.headers[.contentSecurityPolicy] != nil, "\(path)")
            }
            #expect(try await client.get("/v1/models").status == .notFound)
        }
    }

    /// The page asks again from where the last part ended, while the log grows.
    @Test func logsComeInWholeLines() async throws {
        let runs = try Runs()
        defer { withExtendedLifetime(runs) {} }
        let lines = (1...12).map(Self.step)
        try runs.add("甲 x", log: lines.joined() + #"{"event":"st"#)
        let (server, _) = try await runs.server()
        try await server.application().test(.router) { (live) async throws -> Void in
            let client = TestClient(live)
            let path = "/api/runs/%E7%94%B2%20x/log"
            var (text, from, parts) = ("", 0, 0)
            while true {
                let reply = try await client.get("\(path)?from=\(from)")
                #expect(reply.status == .ok && reply.headers[Self.from] == "\(from)", "\(reply.text)")
                let end = try #require(reply.headers[Self.next].flatMap { Int($0) })
                if end == from { break }
                (text, from, parts) = (text + reply.text, end, parts + 1)
            }
            #expect(text == lines.joined() && parts > 1, "\(parts) parts")
            let again = try await client.get("\(path)?from=99999")
            #expect(again.headers[Self.from] == "0" && again.text.hasPrefix(lines[0]), "a shorter log begins anew")
            let thin = try await client.get("\(path)?every=2")
            #expect(thin.text.contains(#""step":2,"#) && !thin.text.contains(#""step":1,"#))
        }
    }

    @Test(arguments: ["..", "%2E%2E", "..%2F..", "none", "a%2Fb", ".hidden", "%00"])
    func namesMeanNothingElse(name: String) async throws {
        let runs = try Runs()
        defer { withExtendedLifetime(runs) {} }
        try runs.add("a", log: "")
        try runs.add(".hidden", log: "secret")
        let (server, _) = try await runs.server()
        try await server.application().test(.router) { (live) async throws -> Void in
            let client = TestClient(live)
            let reply = try await client.get("/api/runs/\(name)/log")
            #expect(reply.status == .notFound && !reply.text.contains("secret"), "\(reply.text)")
        }
    }

    @Test(arguments: ["-1", "x", "1e3", "99999999999999999999"]) func offsetsThatAreNone(from: String) async throws {
        let runs = try Runs()
        defer { withExtendedLifetime(runs) {} }
        try runs.add("a", log: "")
        let (server, _) = try await runs.server()
        try await server.application().test(.router) { (live) async throws -> Void in
            let client = TestClient(live)
            #expect(try await client.get("/api/runs/a/log?from=\(from)").status == .badRequest)
            #expect(try await client.get("/api/runs/a/log?every=0").status == .badRequest)
        }
    }

    @Test func othersNeedAKey() async throws {
        let runs = try Runs()
        defer { withExtendedLifetime(runs) {} }
        await #expect(throws: ServerError.keysNeeded(host: "0.0.0.0")) { _ = try await runs.server(host: "0.0.0.0") }
        let (server, key) = try await runs.server(host: "0.0.0.0", key: true)
        try await server.application().test(.router) { (live) async throws -> Void in
            let client = TestClient(live)
            #expect(try await client.get("/api/runs").status == .unauthorized)
            #expect(try await client.get("/api/runs/a/log").status == .unauthorized)
            let headers: HTTPFields = [.authorization: "Bearer \(key ?? "")"]
            #expect(try await client.get("/api/runs", headers: headers).status == .ok)
        }
    }
}
