import Crypto
import Foundation
import Hub
import Synchronization

/// A home in a temporary folder, a fake model and quick limits.
struct Fixture {
    let home: Home
    let model: [UInt8]
    var limits = HubLimits()
    let events = Events()

    final class Events: Sendable {
        private let list = Mutex<[PullEvent]>([])
        func add(_ event: PullEvent) { list.withLock { $0.append(event) } }
        var skipped: [String] {
            list.withLock { $0.compactMap { if case .sourceFailed(_, let reason) = $0 { reason } else { nil } } }
        }
        var retries: Int { list.withLock { $0.count { if case .retrying = $0 { true } else { false } } } }
    }

    init(bytes: Int = 1_000_003) {
        home = Home(folder: FileManager.default.temporaryDirectory.appending(path: "hub-\(UUID().uuidString)"))
        var state: UInt64 = 42
        model =
            Array("GGUF".utf8)
            + (4..<bytes).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
        limits.chunkBytes = 100_000
        limits.backoffSeconds = 0.01
        limits.headSeconds = 1
        limits.firstAnswerSeconds = 0.5
        limits.idleSeconds = 1
        limits.spareBytes = 0
    }

    var sum: String { Self.sum(model) }
    static func sum(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined() }

    func puller(_ base: String, catalogue: String? = nil) throws -> Puller {
        var endpoints = Endpoints()
        endpoints.huggingFace = base
        endpoints.modelScope = base
        endpoints.packageIndexes = ["\(base)/simple"]
        let known = try catalogue.map { try Catalogue(json: Array($0.utf8)) } ?? .empty
        return Puller(home: home, catalogue: known, endpoints: endpoints, limits: limits)
    }

    func pull(_ text: String, _ puller: Puller, source: String? = nil) async throws -> InstalledModel {
        var options = Puller.Options()
        options.source = source
        let events = events
        return try await puller.pull(text, options: options) { events.add($0) }
    }

    func contents(_ model: InstalledModel) throws -> [UInt8] { [UInt8](try Data(contentsOf: model.path)) }

    /// What lies under a final name.
    var placed: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: home.models.path)) ?? []).filter { !$0.hasPrefix(".") }
    }

    func remove() { try? FileManager.default.removeItem(at: home.folder) }

    /// A Hugging Face hub with one repository `o/r` holding `m.gguf` (and what is named besides).
    func huggingFace(
        _ request: TestServer.Request, storage: (TestServer.Request) -> TestServer.Answer
    ) -> TestServer.Answer {
        switch request.path {
        case "/api/models/o/r/tree/main":
            .text(
                """
                [{"type":"file","path":"README.md","size":3},{"type":"directory","path":"x","size":0},
                 {"type":"file","path":"m-Q8_0.gguf","size":9,"lfs":{"oid":"\(sum)","size":9}},
                 {"type":"file","path":"m-Q4_K_M.gguf","size":\(model.count),
                  "lfs":{"oid":"\(sum)","size":\(model.count)}}]
                """)
        case "/o/r/resolve/main/m-Q4_K_M.gguf":
            .redirect("/storage/m", fields: ["X-Linked-Size": "\(model.count)", "X-Linked-Etag": "\"\(sum)\""])
        case "/storage/m": storage(request)
        default: TestServer.Answer(status: 404)
        }
    }
}
