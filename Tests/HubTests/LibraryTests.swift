import Foundation
import Hub
import Testing

struct LibraryTests {
    @Test func adoptsListsResolvesAndRemoves() async throws {
        let fixture = Fixture(bytes: 1000)
        defer { fixture.remove() }
        try FileManager.default.createDirectory(at: fixture.home.folder, withIntermediateDirectories: true)
        let file = fixture.home.folder.appending(path: "My Model.gguf")
        try Data(fixture.model).write(to: file)
        let puller = try fixture.puller("http://127.0.0.1:9")
        let model = try await fixture.pull(file.path, puller)
        #expect(model.name == "my-model")
        let library = puller.library
        #expect(library.models().map(\.name) == ["my-model"])
        #expect(try library.resolve("my-model") == model.path)
        #expect(try library.resolve(nil) == model.path)
        #expect(try library.resolve(file.path) == file)
        for name in ["../models/my-model", ".partial", "/etc", "nobody"] {
            #expect(throws: HubError.self) { try library.remove(name) }
        }
        #expect(try library.remove("my-model") == 1000)
        #expect(library.models().isEmpty)
        #expect(FileManager.default.fileExists(atPath: file.path))
        #expect(throws: HubError.self) { try library.resolve("my-model") }
    }

    @Test func aFileThatIsNoModelIsRefused() async throws {
        let fixture = Fixture(bytes: 10)
        defer { fixture.remove() }
        try FileManager.default.createDirectory(at: fixture.home.folder, withIntermediateDirectories: true)
        let file = fixture.home.folder.appending(path: "x.gguf")
        try Data("hello".utf8).write(to: file)
        await #expect(throws: HubError.self) {
            try await fixture.pull(file.path, try fixture.puller("http://127.0.0.1:9"))
        }
        #expect(fixture.placed.isEmpty)
    }
}
