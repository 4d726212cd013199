import Foundation
import JSON
import Kernels
import Model
import Testing
import Weights

/// Adapters that would not do what they say, or are damaged: each is refused with what is wrong with it.
@Suite struct AdapterRefusalTests {
    private let model: Transformer

    init() throws { model = try Golden("qwen2").model }

    private func reason(_ change: (inout TinyAdapter) -> Void) -> String {
        var tiny = TinyAdapter(model.configuration)
        change(&tiny)
        do {
            _ = try Adapter(try tiny.files(), for: model)
            return "loaded"
        } catch {
            return "\(error)"
        }
    }

    @Test func aSoundOneLoads() throws {
        #expect(reason { _ in } == "loaded")
        let harmless: [(String, JSONValue)] = [
            ("modules_to_save", []), ("rank_pattern", JSONValue.object([:])), ("use_dora", false),
            ("fan_in_fan_out", nil), ("init_lora_weights", true), ("init_lora_weights", "gaussian"),
            ("lora_alpha", 2.5), ("target_modules", "x"),
            ("loftq_config", JSONValue.object([:])), ("alpha_pattern", ["q_proj": 1]), ("layers_to_transform", [0]),
        ]
        for (field, value) in harmless { #expect(reason { $0.config[field] = value } == "loaded", "\(field)") }
    }

    static let fields: [(String, JSONValue)] = [
        ("peft_type", "IA3"), ("peft_type", nil), ("fan_in_fan_out", true), ("use_dora", true), ("bias", "all"),
        ("lora_bias", true), ("modules_to_save", ["lm_head"]), ("init_lora_weights", "pissa_niter_4"),
        ("layer_replication", [[0, 1]]), ("trainable_token_indices", [1]), ("target_parameters", ["x"]),
        ("use_bdlora", ["x": 1]), ("r", 0), ("r", 1025), ("r", "2"), ("lora_alpha", -1), ("lora_alpha", "2"),
        ("lora_alpha", 1e9), ("use_rslora", 1), ("rank_pattern", ["q_proj": 0]), ("rank_pattern", ["(q|k)_proj": 2]),
        ("rank_pattern", ["q.*": 2]), ("alpha_pattern", ["(a+)+$": 2]), ("alpha_pattern", ["q_proj": "1"]),
        ("alpha_pattern", [1]), ("rank_pattern", ["": 2]),
    ]

    @Test(arguments: fields) func whatTheConfigurationSaysIsChecked(field: String, value: JSONValue) {
        let reason = reason { $0.config[field] = value }
        #expect(reason.hasPrefix("\(field):"), "\(field) \(value.serialized()): \(reason)")
    }

    @Test func ranksMustBeTheConfigurations() {
        #expect(reason { $0.config["r"] = 3 }.contains("expected the shape [3, 32], found [2, 32]"))
        #expect(reason { $0.config["rank_pattern"] = ["layers.1.mlp.down_proj": 4] }.contains("expected the shape [4,"))
    }

    @Test func tensorsMustFitTheModel() {
        #expect(reason { $0.tensors.removeAll() }.contains("self_attn.q_proj.lora_A.weight of shape [] is missing"))
        #expect(reason { _ = $0.tensors.remove(at: 1) }.contains("layers.0.self_attn.q_proj.lora_B.weight"))
        #expect(reason { _ = $0.tensors.remove(at: 2) }.contains("layers.0.mlp.down_proj.lora_A.weight"))
        #expect(reason { $0.tensors[1].shape = [2, 32] }.contains("expected the shape [32, 2], found [2, 32]"))
        #expect(reason { $0.tensors[0].shape = [64] }.contains("ranks from 1 to 1024"))
        #expect(reason { $0.tensors[0].shape = [2, 1, 32] }.contains("ranks from 1 to 1024"))
        #expect(reason { $0.tensors[3].values[5] = .nan }.contains("expected finite numbers, found nan"))
        #expect(reason { $0.tensors[0].values[0] = -.infinity }.contains("expected finite numbers, found -inf"))
    }

    @Test func whatIsNotAdaptedIsNamed() {
        let inputs = "base_model.model.model.embed_tokens.lora_embedding_A"
        for name in [inputs, "base_model.model.lm_head.lora_A.weight"] {
            let reason = reason { $0.tensors.append(.init(name: name, shape: [1], values: [1])) }
            #expect(reason.contains(name) && reason.contains("gate, up and down"), "\(reason)")
        }
        for module in ["2.self_attn.q_proj", "0.mlp.other"] {
            let name = "\(TinyAdapter.start)\(module).lora_A.weight"
            let reason = reason { $0.tensors.append(.init(name: name, shape: [1], values: [1])) }
            #expect(reason.contains("\(name)” has no place in the architecture qwen2"), "\(reason)")
        }
    }

    @Test func adaptersOfOtherModelsAreRefused() throws {
        for (name, reason) in [("llama-all.gguf", "general.architecture: “llama”"), ("qwen3_moe-attention", "shape")] {
            let files = try AdapterFiles.open(Golden.url("adapters/\(name)").path)
            let error = #expect(throws: ModelError.self) { _ = try Adapter(files, for: model) }
            #expect("\(error.map { "\($0)" } ?? "")".contains(reason))
        }
        #expect(throws: WeightsError.self) { try AdapterFiles.open(Golden.url("qwen2.gguf").path) }
        #expect(throws: WeightsError.self) { try AdapterFiles.open(Golden.url("qwen2").path) }
        #expect(throws: WeightsError.self) { try AdapterFiles.open(Golden.url("nothing").path) }
    }

    /// A file that ends early is an error wherever it ends, never a trap.
    @Test func truncatedFilesAreRefused() throws {
        let gguf = [UInt8](try Data(contentsOf: Golden.url("adapters/qwen2-all.gguf")))
        for count in stride(from: 0, to: gguf.count - 32, by: 97) {
            #expect(throws: WeightsError.self) {
                try AdapterFiles.gguf(bytes: ByteView(copying: gguf[..<count]), name: "cut")
            }
        }
        let safetensors = TinyAdapter(model.configuration).safetensors
        for count in stride(from: 0, to: safetensors.count, by: 61) {
            #expect(throws: WeightsError.self) {
                try SafetensorsFile(bytes: ByteView(copying: safetensors[..<count]), name: "cut")
            }
        }
    }

    @Test func adaptersAreToldFromModels() throws {
        for name in ["adapters/qwen2-all", "adapters/qwen2-all.gguf"] {
            #expect(AdapterFiles.areAt(try Golden.url(name).path))
        }
        for name in ["qwen2", "qwen2.gguf", "ids.json", "nothing"] {
            #expect(!AdapterFiles.areAt(try Golden.url(name).path))
        }
    }
}
