import Kernels
import Model
import Testing
import Weights

@Suite struct TransformerTests {
    static let files = Golden.folders + Golden.ggufs.map { "\($0).gguf" }

    @Test(arguments: files) func matchesTransformersInFloat32(file: String) throws {
        let golden = try Golden(file)
        for chunk in [golden.ids.count, 7, 3, 1] {
            let error = golden.error(try golden.computed(chunk: chunk))
            #expect(error <= 1e-4, "\(file) in chunks of \(chunk)")
        }
        #expect(golden.model.quantization == "F32")
    }

    @Test(arguments: files) func sameBitsInChunksOfAnySize(file: String) throws {
        let golden = try Golden(file)
        let whole = try golden.computed(chunk: golden.ids.count, element: .f16).copy()
        for chunk in [1, 5, 32] {
            #expect(try golden.computed(chunk: chunk, element: .f16).copy() == whole, "chunks of \(chunk)")
        }
    }

    /// A sequence in a batch has the same bits as alone, and each run gets what it wants.
    @Test(arguments: Golden.folders) func sameBitsInCompany(folder: String) throws {
        let golden = try Golden(folder, threads: 3)
        let model = golden.model
        let alone = try golden.computed(chunk: golden.ids.count)
        let cache = try model.makeCache(tokens: 320, element: .f32)
        let workspace = Workspace(model, tokensMax: 200, logitRowsMax: 64)
        let others = golden.ids.reversed().map { $0 }
        let first = TokenRun(tokens: Array(golden.ids[..<33]), firstPosition: 0, pages: [4, 2], wants: .nothing)
        let second = TokenRun(tokens: others, firstPosition: 0, pages: [1, 5], wants: .hiddenStates)
        let third = TokenRun(tokens: Array(golden.ids[..<20]), firstPosition: 0, pages: [0], wants: .lastLogits)
        let output = model.forward([first, second, third], cache: cache, workspace: workspace, on: golden.pool)
        #expect(output.rows(ofRun: 0).isEmpty)
        #expect(output.rows(ofRun: 1) == 0..<40)
        #expect(output.rows(ofRun: 2) == 0..<1)
        #expect(output.hidden.rows == 40 && output.logits.rows == 1)
        #expect(output.logits.copyRow(0) == alone.copyRow(19))

        let rest = TokenRun(tokens: Array(golden.ids[33...]), firstPosition: 33, pages: [4, 2], wants: .allLogits)
        let one = TokenRun(tokens: [golden.ids[20]], firstPosition: 20, pages: [0], wants: .lastLogits)
        let next = model.forward([one, rest], cache: cache, workspace: workspace, on: golden.pool)
        #expect(next.rows(ofRun: 0) == 0..<1 && next.rows(ofRun: 1) == 1..<8)
        #expect(next.logits.copyRow(0) == alone.copyRow(20))
        #expect(next.logits.rows(1..<8).copy() == alone.rows(33..<40).copy())
    }

    /// Hidden states times the head are the logits.
    @Test func hiddenStatesAreWhatTheHeadReads() throws {
        let golden = try Golden("qwen3")
        let cache = try golden.model.makeCache(tokens: 64, element: .f32)
        let workspace = Workspace(golden.model, tokensMax: 40, logitRowsMax: 0)
        let run = TokenRun(tokens: golden.ids, firstPosition: 0, pages: [0, 1], wants: .hiddenStates)
        let hidden = golden.model.forward([run], cache: cache, workspace: workspace, on: golden.pool).hidden
        #expect(hidden.rows == 40 && hidden.columns == 32)
        let files = try ModelFiles.open(try Golden.url("qwen3").path)
        let head = try #require(files.tensor("lm_head.weight"))
        let weights = try dequantize(head.type, head.bytes, count: head.parameters)
        for row in [0, 17, 39] {
            for token in [0, 64, 130] {
                let dot = (0..<32).reduce(Float(0)) { $0 + hidden[row, $1] * weights[token * 32 + $1] }
                #expect(abs(dot - golden.logits[row, token]) < 1e-3)
            }
        }
    }

    @Test func halfPrecisionCacheIsClose() throws {
        let golden = try Golden("llama")
        #expect(golden.error(try golden.computed(chunk: 40, element: .f16)) < 5e-3)
        #expect(golden.error(try golden.computed(chunk: 40, element: .bf16)) < 5e-2)
        #expect(golden.error(try golden.computed(chunk: 40, element: .q8_0)) < 5e-2)
    }

    @Test func nothingToDo() throws {
        let golden = try Golden("llama")
        let cache = try golden.model.makeCache(tokens: 1, element: .f16)
        let workspace = Workspace(golden.model, tokensMax: 4, logitRowsMax: 1)
        let output = golden.model.forward([], cache: cache, workspace: workspace, on: golden.pool)
        #expect(output.logits.rows == 0 && output.hidden.rows == 0)
        let empty = TokenRun(tokens: [], firstPosition: 0, pages: [], wants: .lastLogits)
        #expect(
            golden.model.forward([empty], cache: cache, workspace: workspace, on: golden.pool).rows(ofRun: 0).isEmpty)
    }

    @Test func sizes() throws {
        let model = try Golden("llama").model
        let embedding = 131 * 32
        let attention = 2 * 64 * 32 + 2 * 32 * 32
        let layer = attention + 3 * 48 * 32 + 2 * 32
        #expect(model.parameterCount == 2 * embedding + 2 * layer + 32)
        #expect(model.kvBytesPerToken(.f16) == 2 * 2 * (16 + 16) * 2)
        #expect(model.kvBytesPerToken(.f32) == 2 * model.kvBytesPerToken(.f16))
        #expect(model.kvBytesPerToken(.bf16) == model.kvBytesPerToken(.f16))
        // A scale for up to 32 features: 18 bytes for these 16.
        #expect(model.kvBytesPerToken(.q8_0) == 2 * 2 * (18 + 18))
        #expect(try model.makeCache(tokens: 33, element: .f16).pages == 2)
        // All but the table, packed in groups of sixteen rows.
        #expect(model.weightBytes >= 4 * (model.parameterCount - embedding))
        // A tied table counts once.
        let tied = try Golden("gemma2").model.parameterCount
        let files = try ModelFiles.open(try Golden.url("gemma2").path)
        #expect(tied == files.tensors.reduce(0) { $0 + $1.parameters })
    }

    @Test func progressReachesOne() throws {
        let pool = try WorkerPool(threads: 1)
        let files = try ModelFiles.open(try Golden.url("qwen2.gguf").path)
        let seen = Progress()
        _ = try Transformer(files, on: pool) { seen.add($0) }
        #expect(seen.values == seen.values.sorted())
        #expect(seen.values.count > 10)
        #expect(seen.values.last == 1)
    }

    @Test func randomModelsRepeat() throws {
        let pool = try WorkerPool(threads: 1)
        let shape = ModelConfiguration(
            family: .llama, layers: 2, embeddingDim: 32, heads: 4, kvHeads: 2, headDim: 8, feedForwardDim: 48,
            vocabularySize: 50, contextTokens: 64)
        let logits = try [1, 1, 2].map { (seed: UInt64) in
            let model = try Transformer(random: shape, seed: seed, on: pool)
            let run = TokenRun(tokens: [3, 1, 4], firstPosition: 0, pages: [0], wants: .lastLogits)
            return model.forward(
                [run], cache: try model.makeCache(tokens: 8, element: .f32),
                workspace: Workspace(model, tokensMax: 4, logitRowsMax: 1), on: pool
            ).logits.copy()
        }
        #expect(logits[0] == logits[1])
        #expect(logits[0] != logits[2])
        #expect(logits[0].allSatisfy { $0.isFinite && abs($0) < 100 })
    }
}

/// Collects what a progress closure is told, on the one thread that calls it.
private final class Progress: @unchecked Sendable {
    // Sendable: only the loading thread writes, and it is the test's own.
    private(set) var values: [Double] = []

    func add(_ value: Double) { values.append(value) }
}
