import JSON
import Kernels
import Model
import Weights

/// Small, sound adapters, read and run as a server does. One of PEFT's kind is its configuration, two line breaks, and
/// the safetensors file.
enum AdapterSeeds {
    static let files = [peft, gguf]

    static func accepts(_ bytes: [UInt8]) -> Bool {
        guard let model, let files = read(bytes), let adapter = try? Adapter(files, for: model.transformer) else {
            return false
        }
        return model.runs(adapter)
    }

    private static func read(_ bytes: [UInt8]) -> AdapterFiles? {
        if bytes.starts(with: "GGUF".utf8) {
            return try? AdapterFiles.gguf(bytes: ByteView(copying: bytes), name: "fuzz")
        }
        guard let end = zip(bytes, bytes.dropFirst()).enumerated().first(where: { $1 == (10, 10) })?.offset,
            let config = try? JSONValue(parsing: Array(bytes[..<end])), config.object != nil,
            let file = try? SafetensorsFile(bytes: ByteView(copying: bytes[(end + 2)...]), name: "fuzz")
        else { return nil }
        return .folder(AdapterFolder(config, file))
    }

    /// A tiny model and what it needs to run.
    private final class Runner: @unchecked Sendable {
        // Sendable: inputs are read one after another.
        let transformer: Transformer
        private let pool: WorkerPool
        private let cache: KVStorage
        private let workspace: Workspace

        init() throws {
            pool = try WorkerPool(threads: 1)
            transformer = try Transformer(
                random: ModelConfiguration(
                    family: .llama, layers: 2, embeddingDim: 8, heads: 2, kvHeads: 1, headDim: 4, feedForwardDim: 12,
                    vocabularySize: 10, contextTokens: 32), seed: 1, on: pool)
            cache = try transformer.makeCache(tokens: 32, element: .f32)
            workspace = Workspace(transformer, tokensMax: 4, logitRowsMax: 1)
        }

        func runs(_ adapter: Adapter) -> Bool {
            let run = TokenRun(
                tokens: [1, 2, 3], firstPosition: 0, pages: [0], wants: .lastLogits, adapters: [AdapterUse(adapter)])
            return transformer.forward([run], cache: cache, workspace: workspace, on: pool).logits.rows == 1
        }
    }

    private static let model = try? Runner()

    /// Adapted matrices: PEFT's name, GGUF's name, rows and columns.
    private static let matrices: [(peft: String, gguf: String, rows: Int, columns: Int)] = [
        ("0.self_attn.q_proj", "0.attn_q", 8, 8), ("1.self_attn.k_proj", "1.attn_k", 4, 8),
        ("0.mlp.up_proj", "0.ffn_up", 12, 8), ("1.mlp.down_proj", "1.ffn_down", 8, 12),
    ]
    private static let rank = 2

    private static var peft: [UInt8] {
        let config = #"""
            {"peft_type":"LORA","r":2,"lora_alpha":4,"bias":"none","fan_in_fan_out":false,"use_rslora":true,
            "rank_pattern":{"k_proj":2},"alpha_pattern":{"^model\\.layers\\.0\\.mlp\\.up_proj":1.5},"modules_to_save":null}
            """#
        var (entries, offset) = ([String](), 0)
        for matrix in matrices {
            for (part, shape) in [("A", [rank, matrix.columns]), ("B", [matrix.rows, rank])] {
                let end = offset + 4 * shape[0] * shape[1]
                entries.append(
                    "\"base_model.model.model.layers.\(matrix.peft).lora_\(part).weight\":"
                        + "{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(offset),\(end)]}")
                offset = end
            }
        }
        let header = "{\(entries.joined(separator: ","))}"
        return Array(config.utf8) + [10, 10] + GGUFSeeds.little(UInt64(header.utf8.count)) + header.utf8
            + (0..<offset / 4).flatMap { GGUFSeeds.little(Float($0 % 7 - 3).bitPattern) }
    }

    private static var gguf: [UInt8] {
        func string(_ text: String) -> [UInt8] { GGUFSeeds.little(UInt64(text.utf8.count)) + text.utf8 }
        let keys: [(String, UInt32, [UInt8])] = [
            ("general.architecture", 8, string("llama")), ("general.type", 8, string("adapter")),
            ("adapter.type", 8, string("lora")), ("adapter.lora.alpha", 6, GGUFSeeds.little(Float(4).bitPattern)),
        ]
        var bytes = Array("GGUF".utf8) + GGUFSeeds.little(UInt32(3)) + GGUFSeeds.little(UInt64(2 * matrices.count))
        bytes += GGUFSeeds.little(UInt64(keys.count))
        for (key, type, value) in keys { bytes += string(key) + GGUFSeeds.little(type) + value }
        var offset = 0
        for matrix in matrices {
            for (part, shape) in [("a", [matrix.columns, rank]), ("b", [rank, matrix.rows])] {
                bytes += string("blk.\(matrix.gguf).weight.lora_\(part)") + GGUFSeeds.little(UInt32(2))
                bytes += shape.flatMap { GGUFSeeds.little(UInt64($0)) } + GGUFSeeds.little(UInt32(0))
                bytes += GGUFSeeds.little(UInt64(offset))
                offset = (offset + 4 * shape[0] * shape[1] + 31) / 32 * 32
            }
        }
        bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
        return bytes + (0..<offset / 4).flatMap { GGUFSeeds.little(Float($0 % 5 - 2).bitPattern) }
    }
}
