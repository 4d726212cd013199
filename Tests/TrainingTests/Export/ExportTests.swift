import Foundation
import JSON
import Kernels
import Model
import Testing
import Tokens
import Training
import Weights

@Suite struct ExportTests {
    private let model: TinyModel
    private let pool: WorkerPool

    init() throws {
        model = try TinyModel()
        pool = try WorkerPool(threads: 2)
    }

    private func export(_ type: ExportType, pure: Bool = false) throws -> (GGUFFile, ExportReport) {
        let path = "\(model.path)/\(type.rawValue)-\(pure).gguf"
        let report = try GGUFExport(try model.source(), type: type, isPure: pure).write(to: path, on: pool)
        return (try GGUFFile(path: path), report)
    }

    @Test func theFileSaysWhatTheFolderSays() throws {
        let (file, report) = try export(.f32)
        let source = try model.source()
        #expect(report.parameters == source.parameters && report.bytes == file.byteCount)
        var read = try ModelConfiguration(gguf: file.metadata)
        read.tiesEmbeddings = true
        #expect(read == source.configuration)
        #expect(file.tensors.count == source.tensors.count)
        let pairs = [
            ("token_embd.weight", "model.embed_tokens.weight"), ("output_norm.weight", "model.norm.weight"),
            ("blk.1.attn_q.weight", "model.layers.1.self_attn.q_proj.weight"),
            ("blk.0.ffn_down.weight", "model.layers.0.mlp.down_proj.weight"),
        ]
        for (ours, theirs) in pairs {
            let stored = try #require(source.tensors.first { $0.name == theirs })
            #expect(file.tensor(ours)?.bytes.copy() == stored.bytes.copy(), "\(ours)")
        }
        _ = try Transformer(.gguf(file), on: pool)
    }

    @Test func aRunIsExportedWithItsOwnTokenizer() throws {
        let run = try TinyRun()
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        #expect(try ExportSource(run: run.runFolder.path).parameters > 0)
        let file = URL(filePath: "\(run.runFolder.tokenizerPath)/tokenizer.json")
        try (Data(contentsOf: file) + Data("\n".utf8)).write(to: file)
        #expect { try ExportSource(run: run.runFolder.path) } throws: { error in
            if case TrainingError.changed("the tokenizer", _, _, _) = error { true } else { false }
        }
    }

    @Test func bothTokenizersAgree() throws {
        let (file, _) = try export(.q8_0)
        let source = try model.source()
        let folder = try Tokenizer.huggingFace(
            tokenizerJSON: source.tokenizerJSON, tokenizerConfig: .object(source.tokenizerConfig))
        let ours = try Tokenizer.gguf(FileMetadata(metadata: file.metadata))
        #expect(ours.vocabularySize == 300, "rows without a token have names of their own")
        for text in ["床前明月光", "the quick fox 12345", " \n\t", "🙂 naïve", "<|endoftext|>"] {
            #expect(ours.encode(text, special: true) == folder.encode(text, special: true), "\(text)")
        }
        #expect(ours.eosID == folder.eosID && !ours.addsBOS)
    }

    @Test(arguments: ExportType.allCases) func everyTypeLoads(type: ExportType) throws {
        let (file, report) = try export(type)
        #expect(file.tensors.filter { $0.shape.count == 1 }.allSatisfy { $0.type == .f32 }, "vectors stay")
        _ = try Transformer(.gguf(file), on: pool)
        let isK = type.element.blockElements == 256
        #expect(report.fallbacks.isEmpty == !isK, "rows of 64 and 96 are said to fall back")
        #expect(report.types.values.reduce(0, +) == file.tensors.count)
    }

    @Test func theFolderComesBack() throws {
        let path = "\(model.path)/folder"
        let report = try FolderExport(try model.source(), type: .f32).write(to: path, on: pool)
        let (before, after) = (try model.source(), try ExportSource(folder: path))
        #expect(after.configuration == before.configuration && report.types == [.f32: before.tensors.count])
        for (old, new) in zip(before.tensors, after.tensors) {
            #expect(old.name == new.name && old.bytes.copy() == new.bytes.copy())
        }
        #expect(after.tokenizerJSON == before.tokenizerJSON)
        #expect(after.generation?["eos_token_id"]?.array?.isEmpty == false)
        #expect(after.config["dtype"] == "float32")
        #expect(throws: TrainingError.self) { try FolderExport(before, type: .q4_K) }
    }

    @Test func whatIsThereStaysUnlessTold() throws {
        let source = try model.source()
        _ = try export(.f16)
        #expect(throws: WeightsError.self) { try export(.f16) }
        let folder = "\(model.path)/folder"
        let whole = try FolderExport(source, type: .bf16)
        _ = try whole.write(to: folder, on: pool)
        #expect(throws: TrainingError.self) { try whole.write(to: folder, on: pool) }
        _ = try whole.write(to: folder, replaces: true, on: pool)
        #expect(model.outputs == ["F16-false.gguf", "folder"])
    }

    /// What the training spoilt is named, and nothing half is left.
    @Test func whatIsNotFiniteIsNamed() throws {
        let spoilt = try TinyModel { $0[20_000] = .nan }
        let source = try spoilt.source()
        for type in [ExportType.f32, .q8_0] {
            let error = #expect(throws: TrainingError.self) {
                try GGUFExport(source, type: type).write(to: "\(spoilt.path)/x.gguf", on: pool)
            }
            #expect(error?.description.contains("tensor model.layers.0") == true, "\(error?.description ?? "")")
        }
        #expect(throws: TrainingError.self) {
            try FolderExport(source, type: .f16).write(to: "\(spoilt.path)/x", on: pool)
        }
        #expect(spoilt.outputs.isEmpty)
    }

    @Test func cancellingLeavesNothing() throws {
        let export = try GGUFExport(try model.source(), type: .q4_0)
        var calls = 0
        #expect(throws: CancellationError.self) {
            try export.write(to: "\(model.path)/x.gguf", on: pool) { done in
                #expect(done <= export.sourceBytes)
                calls += 1
                if calls == 5 { throw CancellationError() }
            }
        }
        #expect(model.outputs.isEmpty)
    }

    /// Transformers keeps the halves of Llama's heads apart, GGUF files have pairs side by side.
    @Test func rowsOfLlamaAreReordered() throws {
        var source = try model.source()
        source.configuration.family = .llama
        source.configuration.rotary.style = .interleaved
        source.tensors.removeAll { $0.name.contains("q_norm") || $0.name.contains("k_norm") }
        let path = "\(model.path)/llama.gguf"
        _ = try GGUFExport(source, type: .f32).write(to: path, on: pool)
        let name = "model.layers.0.self_attn.q_proj.weight"
        let stored = try #require(source.tensors.first { $0.name == name })
        let written = try #require(try GGUFFile(path: path).tensor("blk.0.attn_q.weight"))
        let (before, after) = (stored.bytes.copy(), written.bytes.copy())
        let row = 64 * 4
        for head in 0..<2 {
            for pair in 0..<16 {
                for half in 0..<2 {
                    let from = (head * 32 + half * 16 + pair) * row
                    let to = (head * 32 + pair * 2 + half) * row
                    #expect(after[to..<to + row] == before[from..<from + row])
                }
            }
        }
    }

    /// The newest checkpoint of a run, and one by its folder.
    @Test func runsAreExported() throws {
        let run = try TinyRun()
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let source = try ExportSource(run: run.runFolder.path)
        #expect(source.lineage.contains { $0.key == "danlu.step" && $0.value == "12" } && source.warnings.isEmpty)
        let path = "\(run.folder.path)/folder"
        _ = try FolderExport(source, type: .f32).write(to: path, on: pool)
        let weights = try SafetensorsFile(bytes: MappedFile(path: "\(path)/model.safetensors").bytes, name: "x")
        #expect(weights.metadata["danlu.step"] == "12" && weights.metadata["format"] == "pt")
        _ = try Transformer(ModelFiles.open(path), on: pool)
        let step = try #require(run.runFolder.checkpoints.steps.last)
        #expect(step < 12)
        let earlier = try ExportSource(checkpoint: run.runFolder.checkpoints.path(step))
        #expect(earlier.lineage.contains { $0.key == "danlu.step" && $0.value == "\(step)" })
        #expect(earlier.tensors.map(\.name) == source.tensors.map(\.name))
    }

    @Test func runsThatAreNone() {
        #expect(throws: TrainingError.self) { try ExportSource(run: "\(model.path)/none") }
        #expect(throws: TrainingError.self) { try ExportSource(checkpoint: "\(model.path)/a/b/c") }
        #expect(throws: TrainingError.self) { try ExportSource(folder: "\(model.path)/none") }
    }
}
