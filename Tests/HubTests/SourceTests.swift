import Foundation
import Hub
import Testing

struct SourceTests {
    @Test(arguments: [
        "hf:Qwen/Qwen3-0.6B-GGUF", "hf:o/r:d/m.gguf", "modelscope:o/r:m.gguf", "pypi:a==1.0",
        "pypi:a==1.0:*/b.bin,c==2",
        "https://example.org/m.gguf",
    ])
    func readsAndWrites(_ text: String) throws {
        #expect(try Source(parsing: text)?.description == text)
    }

    @Test(arguments: [
        "hf:", "hf:o", "hf:../r", "hf:o/r/x", "hf:o/r:../x", "hf:o/r:/etc/passwd", "hf:o/r:a\\b", "modelscope:o/..",
        "pypi:a",
        "pypi:a==", "pypi:../a==1", "pypi:a==1:../../x", "pypi:a==1/../..", "https://",
    ])
    func refuses(_ text: String) {
        #expect(throws: HubError.self) { try Source(parsing: text) }
    }

    @Test func namesAndPathsAreNoSources() throws {
        #expect(try Source(parsing: "smollm2") == nil)
        #expect(try Source(parsing: "file:///etc/passwd") == nil)
    }

    @Test func secretsAreNotShown() throws {
        #expect(try Source(parsing: "https://u:secret@h/m.gguf?token=secret")?.description == "https://h/m.gguf")
    }

    @Test func endpointsComeFromTheEnvironment() {
        let endpoints = Endpoints(environment: [
            "HF_ENDPOINT": "https://mirror.example/", "HF_TOKEN": "t", "PIP_INDEX_URL": "https://index.example/simple/",
            "PIP_EXTRA_INDEX_URL": "https://b.example/simple https://c.example/simple", "PIP_CONFIG_FILE": "/dev/null",
        ])
        #expect(endpoints.huggingFace == "https://mirror.example")
        #expect(endpoints.huggingFaceToken == "t")
        #expect(
            endpoints.packageIndexes == [
                "https://index.example/simple", "https://b.example/simple", "https://c.example/simple",
            ])
    }

    @Test func pipsFilesAreRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pip-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "pip"), withIntermediateDirectories: true)
        let text =
            "# mine\n[global]\ntimeout = 3\nindex-url = https://a.example/simple\n"
            + "extra-index-url =\n    https://b.example/s\n"
        try Data(text.utf8).write(to: folder.appending(path: "pip/pip.conf"))
        let endpoints = Endpoints(environment: ["XDG_CONFIG_HOME": folder.path, "HOME": folder.path])
        #expect(endpoints.packageIndexes == ["https://a.example/simple", "https://b.example/s"])
    }
}
