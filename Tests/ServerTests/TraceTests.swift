import Corpus
import Foundation
import JSON
import Kernels
import Provenance
import Testing

@Suite struct TraceTests {
    static let sentence = "处处闻啼鸟，夜来风雨声，花落知多少。"

    /// An index of one poem.
    static func index(in folder: URL) throws -> String {
        let corpus = folder.appending(path: "poems.jsonl")
        try Data(#"{"text": "春眠不觉晓，\#(sentence)", "source": "唐诗"}"#.utf8).write(to: corpus)
        var limits = CorpusLimits()
        limits.keepsMetadata = true
        let output = folder.appending(path: "index").path
        _ = try IndexBuilder(output: output, tokenizerFolder: nil, overwrite: false).build(
            TextSource(path: corpus.path, limits: limits), on: WorkerPool(threads: 1), memoryBytesMax: 1 << 20)
        return output
    }

    @Test func anAnswersOriginIsShown() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "danlu-trace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await TestServer(owners: ["a", "b"], traceIndex: try Self.index(in: folder))
        try await TestServer.run(server) { client in
            #expect(try await client.get("/api/about").json["traces"] == true)
            let (id, events) = try await PageAPITests.ask(client, "诗曰：\(Self.sentence)")
            let page = try await client.get("/api/conversations/\(id)/messages").json
            let question = page[path: "messages.0.id"]?.string ?? ""
            let trace = try await client.get("/api/messages/\(question)/trace").json
            #expect(trace[path: "spans.0.text"] == .string(Self.sentence))
            #expect(trace[path: "spans.0.sources.0.name"] == "唐诗" && trace[path: "spans.0.count"] == 1)
            #expect(trace[path: "spans.0.documents.0.before"] == "春眠不觉晓，")
            // What the model says stands nowhere.
            let answer = events.last?.json["id"]?.string ?? ""
            #expect(try await client.get("/api/messages/\(answer)/trace").json["spans"] == [])
            #expect(try await client.get("/api/messages/none/trace").status == .notFound)
        }
    }

    @Test func withoutAnIndexThereIsNothingToAsk() async throws {
        try await TestServer.run(TestServer()) { client in
            #expect(try await client.get("/api/about").json["traces"] == false)
            let (_, events) = try await PageAPITests.ask(client, "hi")
            let answer = events.last?.json["id"]?.string ?? ""
            #expect(try await client.get("/api/messages/\(answer)/trace").status == .notFound)
        }
        await #expect(throws: ProvenanceError.self) { try await TestServer(traceIndex: "/nowhere") }
    }
}
