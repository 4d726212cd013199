import Foundation
import Kernels
import Model
import Testing
import Weights

/// LoRA adapters on the tiny models, beside what PEFT computes (Goldens/make_adapters.py).
@Suite struct AdapterTests {
    /// Adapters as PEFT saves them, and as GGUF where there is one.
    static let folders = [
        "qwen2-all", "qwen2-attention", "llama-all", "llama-patterns", "gemma3-all", "qwen3_moe-attention",
    ]
    static let ggufs = ["qwen2-all.gguf", "llama-all.gguf", "gemma3-all.gguf", "qwen3_moe-attention.gguf"]

    static func model(of adapter: String) -> String { String(adapter.prefix { $0 != "-" }) }

    static func load(_ adapter: String, for model: Transformer) throws -> Adapter {
        try Adapter(AdapterFiles.open(Golden.url("adapters/\(adapter)").path), for: model)
    }

    /// Either kind of adapter on either kind of model: llama's rows lie differently in GGUF.
    @Test(arguments: folders + ggufs, ["", ".gguf"])
    func matchesPEFTInFloat32(adapter: String, kind: String) throws {
        let name = adapter.replacing(".gguf", with: "")
        let golden = try Golden(Self.model(of: adapter) + kind, logits: "adapters/\(name)/logits.f32")
        let use = AdapterUse(try Self.load(adapter, for: golden.model))
        for chunk in [golden.ids.count, 7, 1] {
            let error = golden.error(try golden.computed(chunk: chunk, adapters: [use]))
            #expect(error <= 1e-4, "\(adapter) on \(kind) in chunks of \(chunk)")
        }
        // Without it the answers are others: the comparison above would notice an adapter that does nothing.
        #expect(golden.error(try golden.computed(chunk: golden.ids.count)) > 1e-2)
    }

    @Test func twoAdaptersAddUp() throws {
        let golden = try Golden("qwen2", logits: "adapters/sum.f32")
        let uses = [
            AdapterUse(try Self.load("qwen2-all", for: golden.model), scale: 0.5),
            AdapterUse(try Self.load("qwen2-attention", for: golden.model)),
        ]
        #expect(golden.error(try golden.computed(chunk: 40, adapters: uses)) <= 1e-4)
        #expect(golden.error(try golden.computed(chunk: 1, adapters: uses)) <= 1e-4)
        #expect(golden.error(try golden.computed(chunk: 40, adapters: [uses[0]])) > 1e-3)
    }

    /// Runs with different adapters, and without, each have the bits they have alone.
    @Test(arguments: ["qwen2", "qwen2.gguf", "llama", "llama.gguf"])
    func sameBitsInCompany(file: String) throws {
        let golden = try Golden(file, threads: 3)
        let name = Self.model(of: file.replacing(".gguf", with: ""))
        let others = name == "qwen2" ? "qwen2-attention" : "llama-patterns"
        let (all, some) = (
            try Self.load("\(name)-all", for: golden.model), try Self.load(others, for: golden.model)
        )
        let choices: [[AdapterUse]] = [
            [], [AdapterUse(all)], [AdapterUse(some, scale: -0.7)], [AdapterUse(all, scale: 2), AdapterUse(some)],
        ]
        let alone = try choices.map { try golden.computed(chunk: 40, adapters: $0) }
        let cache = try golden.model.makeCache(tokens: 512, element: .f32)
        let workspace = Workspace(golden.model, tokensMax: 320, logitRowsMax: 320)
        // Two of each in turn, so that rows of one adapter do not lie side by side.
        let places = [0, 1, 2, 3, 1, 0, 3, 2]
        var ends = places.map { _ in 0 }
        for step in [[13, 20, 1, 40, 40, 2, 20, 7], [27, 1, 39, 0, 0, 1, 20, 1], [0, 19, 0, 0, 0, 37, 0, 1]] {
            let runs = places.indices.map { place in
                TokenRun(
                    tokens: Array(golden.ids[ends[place]..<ends[place] + step[place]]), firstPosition: ends[place],
                    pages: [Int32(2 * place), Int32(2 * place + 1)],
                    wants: place == 5 ? .lastLogits : .allLogits, adapters: choices[places[place]])
            }
            let output = golden.model.forward(runs, cache: cache, workspace: workspace, on: golden.pool)
            for place in places.indices where step[place] > 0 {
                let rows = ends[place]..<ends[place] + step[place]
                let expected = alone[places[place]].rows(place == 5 ? rows.upperBound - 1..<rows.upperBound : rows)
                #expect(output.logits.rows(output.rows(ofRun: place)).copy() == expected.copy(), "run \(place)")
            }
            for place in places.indices { ends[place] += step[place] }
        }
    }

    @Test func hiddenStatesHaveTheAdapterToo() throws {
        let golden = try Golden("qwen2")
        let use = AdapterUse(try Self.load("qwen2-all", for: golden.model))
        let cache = try golden.model.makeCache(tokens: 64, element: .f32)
        let workspace = Workspace(golden.model, tokensMax: 80, logitRowsMax: 0)
        let hidden = [[], [use]].map { adapters in
            let run = TokenRun(
                tokens: golden.ids, firstPosition: 0, pages: [0, 1], wants: .hiddenStates, adapters: adapters)
            return golden.model.forward([run], cache: cache, workspace: workspace, on: golden.pool).hidden.copy()
        }
        #expect(hidden[0] != hidden[1])
    }

    @Test func sizesAndNumbers() throws {
        let model = try Golden("qwen2").model
        let (one, other) = (try Self.load("qwen2-all", for: model), try Self.load("qwen2-all.gguf", for: model))
        #expect(one.rank == 4 && one.id != other.id)
        // (rows + columns) * rank, for q, k, v, o, gate, up, down of two layers.
        #expect(one.parameterCount == 2 * 4 * (64 + 48 + 48 + 64 + 3 * 80))
        #expect(one.parameterCount == other.parameterCount)
        #expect(AdapterUse(one) == AdapterUse(one) && AdapterUse(one) != AdapterUse(other))
        #expect(AdapterUse(one) != AdapterUse(one, scale: 0.5))
    }

    /// Adapters to quantised weights are kept in F16: the error is far below what the weights' own rounding makes.
    @Test(arguments: ["qwen2-all", "llama-patterns"]) func halfPrecisionIsClose(name: String) throws {
        let golden = try Golden(Self.model(of: name), logits: "adapters/\(name)/logits.f32")
        let files = try AdapterFiles.open(Golden.url("adapters/\(name)").path)
        let half = try Adapter(files, for: golden.model, as: .f16)
        let error = golden.error(try golden.computed(chunk: 40, adapters: [AdapterUse(half)]))
        #expect(error < 2e-3)
        // Small numbers keep their digits: the largest of each matrix decides what they are relative to.
        let small = try TinyAdapter(golden.model.configuration, size: 1e-7).files()
        let exact = try golden.computed(
            chunk: 40, adapters: [AdapterUse(try Adapter(small, for: golden.model, as: .f32), scale: 100)])
        let rounded = try golden.computed(
            chunk: 40, adapters: [AdapterUse(try Adapter(small, for: golden.model, as: .f16), scale: 100)])
        let largest = exact.copy().map(abs).reduce(0, max)
        #expect(zip(exact.copy(), rounded.copy()).allSatisfy { abs($0 - $1) < 1e-4 * largest })
    }
}
