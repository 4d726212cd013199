import Foundation
import JSON
import Kernels
import Model
import Weights

/// The parts of an adapter to queries and down projections as PEFT saves it, to be changed before they are read.
struct TinyAdapter {
    struct Tensor {
        var name: String
        var shape: [Int]
        var values: [Float]
    }

    var config: JSONObject = ["peft_type": "LORA", "r": 2, "lora_alpha": 4, "bias": "none"]
    var tensors: [Tensor] = []

    static let start = "base_model.model.model.layers."

    init(_ shape: ModelConfiguration, rank: Int = 2, size: Float = 0.1) {
        config["r"] = .int(rank)
        for layer in 0..<shape.layers {
            add("\(layer).self_attn.q_proj", rank, shape.heads * shape.keyDim, shape.embeddingDim, size)
            add("\(layer).mlp.down_proj", rank, shape.embeddingDim, shape.feedForwardDim, size)
        }
    }

    private mutating func add(_ module: String, _ rank: Int, _ rows: Int, _ columns: Int, _ size: Float) {
        let values = { (count: Int) in (0..<count).map { size * Float(($0 * 37 + count) % 101 - 50) / 50 } }
        let name = "\(Self.start)\(module)"
        tensors += [
            Tensor(name: "\(name).lora_A.weight", shape: [rank, columns], values: values(rank * columns)),
            Tensor(name: "\(name).lora_B.weight", shape: [rows, rank], values: values(rows * rank)),
        ]
    }

    func files() throws -> AdapterFiles {
        let file = try SafetensorsFile(bytes: ByteView(copying: safetensors), name: "tiny")
        return .folder(AdapterFolder(.object(config), file))
    }

    var safetensors: [UInt8] {
        var header = JSONObject()
        var data: [UInt8] = []
        for tensor in tensors {
            let start = data.count
            for value in tensor.values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 } }
            header[tensor.name] = [
                "dtype": "F32", "shape": .array(tensor.shape.map(JSONValue.int)),
                "data_offsets": [.int(start), .int(data.count)],
            ]
        }
        let text = Array(JSONValue.object(header).serialized().utf8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + data
    }
}
