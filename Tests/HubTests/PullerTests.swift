import Foundation
import Hub
import Testing

/// Real pulls from a server on loopback that cuts, lies and stalls.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct PullerTests {
    @Test func pullsFromHuggingFaceByChoosingQ4KM() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { fixture.huggingFace($0) { .file(fixture.model, $0) } }
        defer { server.stop() }
        let model = try await fixture.pull("hf:o/r", try fixture.puller(server.base))
        #expect(try fixture.contents(model) == fixture.model)
        #expect(model.name == "r")
        #expect(
            model.manifest.files == [
                Manifest.File(name: "m-Q4_K_M.gguf", size: fixture.model.count, sha256: fixture.sum)
            ])
        #expect(server.requests("/storage/m") == 11)
    }

    @Test func pullsFromModelScope() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { request in
            switch request.path {
            case "/api/v1/models/o/r/repo/files":
                .text(
                    """
                    {"Code":200,"Success":true,"Data":{"Files":[{"Type":"tree","Path":"d","Size":0},{"Type":"blob",
                    "Path":"d/m.gguf","Name":"m.gguf","Size":\(fixture.model.count),"Sha256":"\(fixture.sum)"}]}}
                    """)
            case "/api/v1/models/o/r/repo" where request.query == "Revision=master&FilePath=d/m.gguf":
                .file(fixture.model, request)
            default: TestServer.Answer(status: 404)
            }
        }
        defer { server.stop() }
        let model = try await fixture.pull("modelscope:o/r:d/m.gguf", try fixture.puller(server.base))
        #expect(try fixture.contents(model) == fixture.model)
    }

    @Test func continuesAfterCutsWithoutFetchingTwice() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer {
            fixture.huggingFace($0) { request in
                var answer = TestServer.Answer.file(fixture.model, request)
                if request.count < 6 { answer.cutAfter = 30_000 }
                return answer
            }
        }
        defer { server.stop() }
        let model = try await fixture.pull("hf:o/r", try fixture.puller(server.base))
        #expect(try fixture.contents(model) == fixture.model)
        #expect(fixture.events.retries >= 1)
        #expect(server.bytesSent < fixture.model.count + 4096)
    }

    @Test func continuesInASecondPull() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let broken = try TestServer {
            fixture.huggingFace($0) { $0.count >= 6 ? TestServer.Answer(status: 404) : .file(fixture.model, $0) }
        }
        await #expect(throws: HubError.self) { try await fixture.pull("hf:o/r", try fixture.puller(broken.base)) }
        broken.stop()
        #expect(fixture.placed.isEmpty)
        let server = try TestServer { fixture.huggingFace($0) { .file(fixture.model, $0) } }
        defer { server.stop() }
        let model = try await fixture.pull("hf:o/r", try fixture.puller(server.base))
        #expect(try fixture.contents(model) == fixture.model)
        #expect(server.bytesSent < fixture.model.count - 300_000)
    }

    @Test func worksWithoutRanges() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { _ in TestServer.Answer(body: fixture.model) }
        defer { server.stop() }
        let model = try await fixture.pull("\(server.base)/a/m.gguf?x=1", try fixture.puller(server.base))
        #expect(try fixture.contents(model) == fixture.model)
        #expect(server.requests("/a/m.gguf") == 1)
    }

    @Test func corruptionKeepsNothing() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        var bytes = fixture.model
        bytes[500_000] ^= 1
        let wrong = bytes
        let server = try TestServer { fixture.huggingFace($0) { .file(wrong, $0) } }
        defer { server.stop() }
        await #expect(
            throws: HubError.wrongSum(what: "m-Q4_K_M.gguf", expected: fixture.sum, actual: Fixture.sum(wrong))
        ) {
            try await fixture.pull("hf:o/r", try fixture.puller(server.base))
        }
        #expect(fixture.placed.isEmpty)
    }

    @Test func wrongLengthsAreRefused() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { fixture.huggingFace($0) { .file(fixture.model + [1], $0) } }
        defer { server.stop() }
        await #expect(throws: HubError.self) { try await fixture.pull("hf:o/r", try fixture.puller(server.base)) }
        let liar = try TestServer { _ in TestServer.Answer(body: fixture.model, lieLength: fixture.model.count + 10) }
        defer { liar.stop() }
        await #expect(throws: HubError.self) {
            try await fixture.pull("\(liar.base)/m.gguf", try fixture.puller(liar.base))
        }
        #expect(fixture.placed.isEmpty)
    }

    @Test func pagesAndOtherFilesAreNoModels() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { request in
            request.path == "/page.gguf"
                ? .text("<html>sign in</html>", type: "text/html") : .text("not a model at all")
        }
        defer { server.stop() }
        for path in ["page.gguf", "other.gguf"] {
            await #expect(throws: HubError.self) {
                try await fixture.pull("\(server.base)/\(path)", try fixture.puller(server.base))
            }
        }
        #expect(fixture.placed.isEmpty)
    }

    @Test func waitsWhenTheServerIsBusy() async throws {
        let fixture = Fixture(bytes: 50_000)
        defer { fixture.remove() }
        let server = try TestServer { request in
            switch request.count {
            case 0: TestServer.Answer(status: 429, fields: ["Retry-After": "0.2"])
            case 1: TestServer.Answer(status: 503)
            default: .file(fixture.model, request)
            }
        }
        defer { server.stop() }
        let start = ContinuousClock.now
        _ = try await fixture.pull("\(server.base)/m.gguf", try fixture.puller(server.base))
        #expect(start.duration(to: .now) > .milliseconds(200))
        #expect(fixture.events.retries == 2)
    }

    @Test(arguments: ["/loop.gguf", "file:///etc/passwd", "ftp://127.0.0.1/m.gguf", "gopher://x/"])
    func redirectsAreBounded(_ target: String) async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { _ in .redirect(target) }
        defer { server.stop() }
        await #expect(throws: HubError.self) {
            try await fixture.pull("\(server.base)/loop.gguf", try fixture.puller(server.base))
        }
        #expect(server.requests("/loop.gguf") <= fixture.limits.redirectsMax + 1)
        #expect(fixture.placed.isEmpty)
    }

    @Test func anotherSourceIsTriedWhenOneIsSilentOrWrong() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { request in
            if request.path.hasPrefix("/api/v1") { return TestServer.Answer(delaySeconds: 3) }
            if request.path == "/wrong.gguf" { return .file(Array("GGUF wrong".utf8), request) }
            return fixture.huggingFace(request) { .file(fixture.model, $0) }
        }
        defer { server.stop() }
        let catalogue = """
            {"default":"m","models":[{"name":"m","aliases":["mm"],
            "sha256":"\(fixture.sum)","size":\(fixture.model.count),
            "sources":["modelscope:o/r","\(server.base)/wrong.gguf","hf:o/r"]}]}
            """
        let model = try await fixture.pull("mm", try fixture.puller(server.base, catalogue: catalogue))
        #expect(try fixture.contents(model) == fixture.model)
        #expect(fixture.events.skipped.count == 2)
        #expect(model.manifest.source == "hf:o/r")
    }

    @Test func twoPullsOfOneNameFetchOnce() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        let server = try TestServer { fixture.huggingFace($0) { .file(fixture.model, $0) } }
        defer { server.stop() }
        let puller = try fixture.puller(server.base)
        async let first = fixture.pull("hf:o/r", puller)
        async let second = fixture.pull("hf:o/r", puller)
        _ = try await (first, second)
        #expect(server.requests("/storage/m") == 11)
    }

    @Test func listingsCannotLeaveTheFolder() async throws {
        let fixture = Fixture()
        defer { fixture.remove() }
        for path in [
            "../../evil.gguf", "/etc/evil.gguf", "a/../../evil.gguf", "a\\\\evil.gguf", "manifest.json/../x.gguf",
        ] {
            let server = try TestServer { _ in .text("[{\"type\":\"file\",\"path\":\"\(path)\",\"size\":4}]") }
            defer { server.stop() }
            await #expect(throws: HubError.self) { try await fixture.pull("hf:o/r", try fixture.puller(server.base)) }
        }
        #expect(fixture.placed.isEmpty)
    }

    @Test func aFileLargerThanTheLimitIsRefused() async throws {
        var fixture = Fixture()
        defer { fixture.remove() }
        fixture.limits.downloadBytesMax = 500_000
        let model = fixture.model
        let server = try TestServer { .file(model, $0) }
        defer { server.stop() }
        let puller = try fixture.puller(server.base)
        await #expect(throws: HubError.tooLarge(what: "\(server.base)/m.gguf", bytes: 1_000_003, bytesMax: 500_000)) {
            try await fixture.pull("\(server.base)/m.gguf", puller)
        }
    }
}
