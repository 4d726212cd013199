import Foundation
import JSON
import Kernels
import Testing
import Weights

/// Each part of a bundle is changed in turn, and is the one that is named.
@Suite struct ModelBundleTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    // MARK: Models

    private static let metadata = Metadata([
        "general.architecture": .string("qwen3"), "qwen3.block_count": .uint32(1),
        "tokenizer.ggml.tokens": .array(MetadataArray(["a", "b"])), "tokenizer.chat_template": .string("{{ a }}"),
    ])

    private func writeGGUF(
        _ name: String = "model.gguf", _ change: (inout Metadata) -> Void = { _ in }, fill: Float = 0.5,
        bundle: ((ModelSums) -> ModelBundle)? = nil
    ) throws -> String {
        let path = "\(folder.path)/\(name)"
        var metadata = Self.metadata
        change(&metadata)
        let tensor = TensorDescription(name: "token_embd.weight", type: .f32, shape: [2, 32])
        let writer = try GGUFWriter(
            path: path, metadata: metadata, tensors: [tensor], replaces: true, hashes: true, bundle: bundle)
        try [Float](repeating: fill, count: 64).withUnsafeBufferPointer { try writer.write(tensor.name, floats: $0) }
        let written = try writer.finish()
        #expect(try written.sha256 == ModelSumsTests.sha256(of: path))
        return path
    }

    /// A folder as FolderExport writes it, but for its weights.
    private func writeFolder(_ name: String, fill: Float = 0.5) throws -> String {
        let path = "\(folder.path)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try put(#"{"hidden_size": 32}"#, "\(path)/config.json")
        try put(#"{"model": {"vocab": {"a": 0}}}"#, "\(path)/tokenizer.json")
        try put(#"{"eos_token": "a", "chat_template": "{{ a }}"}"#, "\(path)/tokenizer_config.json")
        try writeTensors("\(path)/model.safetensors", fill)
        return path
    }

    private func writeTensors(_ path: String, _ fill: Float) throws {
        let writer = try SafetensorsWriter(
            path: path, tensors: [.init(name: "w", type: .f32, shape: [2, 32])], replaces: true)
        try [Float](repeating: fill, count: 64).withUnsafeBufferPointer { try writer.write("w", floats: $0) }
        _ = try writer.finish()
    }

    private func writeAdapter(base: String) throws -> String {
        let path = "\(folder.path)/adapter"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try put(#"{"peft_type": "LORA", "r": 2}"#, "\(path)/adapter_config.json")
        try writeTensors("\(path)/adapter_model.safetensors", 0.25)
        try ModelBundle(
            ofAdapter: path, base: .files(ModelFiles.open(base)), baseName: "the base", training: ["steps": 3],
            data: ["tokens": 9]
        ).write(to: path)
        return path
    }

    private func put(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

    private func replace(_ text: String, with other: String, in path: String) throws {
        let old = try String(contentsOfFile: path, encoding: .utf8)
        #expect(old.contains(text))
        try put(old.replacing(text, with: other), path)
    }

    /// The part that the error names; nil without an error.
    private func mismatch(_ body: () throws(WeightsError) -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            guard case .mismatch(let fault) = error else { return "\(error)" }
            #expect(fault.expected.hasPrefix("SHA-256 ") && fault.actual != fault.expected && !fault.hint.isEmpty)
            let names = BundlePart.allCases.map(\.rawValue).filter { fault.field.contains("“\($0)”") }
            return names.first ?? fault.field
        }
    }

    private func check(_ path: String) throws -> String? {
        let files = try ModelFiles.open(path)
        return mismatch { () throws(WeightsError) in try ModelBundle.check(files, path: path) }
    }

    private func check(_ adapter: String, on base: String) throws -> String? {
        let files = try ModelFiles.open(base)
        return mismatch { () throws(WeightsError) in try ModelBundle.check(adapter: adapter, on: files) }
    }

    // MARK: Tests

    @Test func filesWithoutABundleArePassed() throws {
        #expect(try check(writeGGUF()) == nil)
        #expect(try check(writeFolder("plain")) == nil)
        let adapter = try writeAdapter(base: writeFolder("base"))
        try FileManager.default.removeItem(atPath: "\(adapter)/danlu-bundle.json")
        #expect(try check(adapter, on: writeGGUF()) == nil)
    }

    @Test func aGGUFFileHoldsItsBundle() throws {
        let path = try writeGGUF { _ in
        } bundle: {
            ModelBundle(of: $0, baseName: "b", training: ["steps": 1.5, "names": ["x", "“y”"]], data: ["n": 1])
        }
        let bundle = try #require(try ModelBundle.of(ModelFiles.open(path)))
        #expect(Set(bundle.parts.keys) == [.weights, .configuration, .tokenizer, .template, .training, .data])
        #expect(try check(path) == nil)
        let text = JSONValue.object(bundle.json).serialized()
        func changed(
            _ key: String, _ value: MetadataValue, fill: Float = 0.5, text: String = text
        ) throws -> String? {
            try check(
                writeGGUF(
                    "changed.gguf",
                    {
                        _ = $0.add("danlu.bundle", .string(text))
                        _ = $0.add(key, value)
                    }, fill: fill))
        }
        #expect(try changed("danlu.run", .string("x")) == nil, "Danlu's own keys are no part")
        #expect(try changed("tokenizer.ggml.tokens", .array(MetadataArray(["a", "c"]))) == "tokenizer")
        #expect(try changed("tokenizer.chat_template", .string("{{ b }}")) == "template")
        #expect(try changed("qwen3.block_count", .uint32(2)) == "configuration")
        #expect(try changed("danlu.run", .string("x"), fill: 0.75) == "weights")
        let trained = text.replacing("\"steps\":1.5", with: "\"steps\":2.5")
        #expect(trained != text)
        #expect(try changed("danlu.run", .string("x"), text: trained) == "training")
        let data = text.replacing("\"n\":1", with: "\"n\":2")
        #expect(try changed("danlu.run", .string("x"), text: data) == "data")
    }

    @Test func aFolderHasItsBundleBesideIt() throws {
        let changes: [(part: String, change: (String) throws -> Void)] = [
            ("tokenizer", { try self.replace("\"a\": 0", with: "\"a\": 1", in: "\($0)/tokenizer.json") }),
            (
                "tokenizer",
                { try self.replace("\"eos_token\"", with: "\"bos_token\"", in: "\($0)/tokenizer_config.json") }
            ),
            ("template", { try self.replace("{{ a }}", with: "{{ b }}", in: "\($0)/tokenizer_config.json") }),
            ("template", { try self.put("{{ c }}", "\($0)/chat_template.jinja") }),
            ("configuration", { try self.replace("32", with: "64", in: "\($0)/config.json") }),
            ("weights", { try self.writeTensors("\($0)/model.safetensors", 0.75) }),
        ]
        for (place, (part, change)) in changes.enumerated() {
            let path = try writeFolder("folder-\(place)")
            try ModelBundle(of: ModelSums(ModelFiles.open(path))).write(to: path)
            #expect(try check(path) == nil)
            try change(path)
            #expect(try check(path) == part)
        }
    }

    @Test func anAdapterIsBoundToItsBase() throws {
        let base = try writeFolder("base")
        let adapter = try writeAdapter(base: base)
        #expect(try check(adapter, on: base) == nil)
        let bundle = "\(adapter)/danlu-bundle.json"
        let kept = try String(contentsOfFile: bundle, encoding: .utf8)
        for (part, old, new) in [
            ("training", "\"steps\": 3", "\"steps\": 4"), ("data", "\"tokens\": 9", "\"tokens\": 8"),
        ] {
            try replace(old, with: new, in: bundle)
            #expect(try check(adapter, on: base) == part)
            try put(kept, bundle)
        }
        let seal = try #require(try ModelBundle.ofAdapter(adapter)).sha256
        try replace(seal, with: String(repeating: "0", count: 64), in: bundle)
        #expect(try check(adapter, on: base)?.contains("list of hashes") == true)
        try put(kept, bundle)

        let other = try writeFolder("other", fill: 0.75)
        #expect(try check(adapter, on: other) == "base")
        let edited = try writeFolder("edited")
        try replace("\"a\": 0", with: "\"a\": 1", in: "\(edited)/tokenizer.json")
        #expect(try check(adapter, on: edited) == "tokenizer")
        let spoken = try writeFolder("spoken")
        try put("{{ c }}", "\(spoken)/chat_template.jinja")
        #expect(try check(adapter, on: spoken) == "template")

        try writeTensors("\(adapter)/adapter_model.safetensors", 0.125)
        #expect(try check(adapter, on: base) == "adapter")
        try writeTensors("\(adapter)/adapter_model.safetensors", 0.25)
        #expect(try check(adapter, on: base) == nil)
        try replace("\"r\": 2", with: "\"r\": 4", in: "\(adapter)/adapter_config.json")
        #expect(try check(adapter, on: base) == "configuration")
    }

    /// A run's weights have no files that are served: what is exported of it names them.
    @Test func anAdapterOfARunIsBoundToWhatIsExportedOfIt() throws {
        let folder = try writeFolder("exported")
        let adapter = try writeAdapter(base: folder)
        try ModelBundle(
            ofAdapter: adapter, base: .checkpoint(sha256: "ab12"), baseName: "step-00000100", training: nil, data: nil
        ).write(to: adapter)
        #expect(try ModelBundle.ofAdapter(adapter)?.basePath == nil)
        let key = "danlu.weights.sha256"
        #expect(try check(adapter, on: writeGGUF("run.gguf", { _ = $0.add(key, .string("ab12")) })) == nil)
        #expect(try check(adapter, on: writeGGUF("other.gguf", { _ = $0.add(key, .string("cd34")) })) == "run")
        #expect(try check(adapter, on: folder) == "run")
        let writer = try SafetensorsWriter(
            path: "\(folder)/model.safetensors", tensors: [.init(name: "w", type: .f32, shape: [1])],
            metadata: [(key, "ab12")], replaces: true)
        try [Float(1)].withUnsafeBufferPointer { try writer.write("w", floats: $0) }
        _ = try writer.finish()
        #expect(try check(adapter, on: folder) == nil)
    }

    @Test func brokenBundlesAreNamed() throws {
        let path = try writeFolder("broken")
        for text in [
            "[]", "{", #"{"format": "danlu-bundle-2"}"#, #"{"format": "danlu-bundle-1", "parts": {"x": "y"}}"#,
        ] {
            try put(text, "\(path)/danlu-bundle.json")
            let found = try check(path)
            #expect(found?.contains("danlu-bundle.json") == true, "\(text): \(found ?? "nothing")")
        }
    }
}
