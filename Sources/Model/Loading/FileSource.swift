import Kernels
import Weights

/// The tensors of a model's files.
struct FileSource: TensorSource {
    private let files: ModelFiles
    private let naming: TensorNaming
    private let family: Architecture
    private var taken: Set<String> = []
    let byteCount: Int

    init(_ files: ModelFiles, _ configuration: ModelConfiguration) {
        self.files = files
        family = configuration.family
        byteCount = files.tensors.reduce(0) { $0 + $1.bytes.count }
        switch files {
        case .gguf: naming = .gguf
        case .folder:
            let prefix = TensorNaming.prefixes.first { files.tensor("\($0)embed_tokens.weight") != nil } ?? "model."
            naming = .huggingFace(prefix: prefix, hasSandwichNorms: family.isGemma)
        }
    }

    mutating func tensor(
        _ name: TensorName, shape: [Int], isOptional: Bool
    ) throws(ModelError) -> StoredTensor? {
        guard let text = naming(name), let info = files.tensor(text) else {
            if isOptional { return nil }
            throw .missingTensor(name: naming(name) ?? "\(name.role)", shape: shape)
        }
        // A matrix of one row is a vector to some programs.
        guard info.shape.drop(while: { $0 == 1 }) == shape.drop(while: { $0 == 1 }) else {
            throw .wrongShape(tensor: text, expected: shape, actual: info.shape)
        }
        taken.insert(text)
        return StoredTensor(type: info.type, count: info.parameters, bytes: info.bytes)
    }

    mutating func experts(
        _ role: TensorName.Role, layer: Int, count: Int, rows: Int, columns: Int
    ) throws(ModelError) -> [StoredTensor] {
        guard naming.stacksExperts else {
            var result: [StoredTensor] = []
            for expert in 0..<count {
                let name = TensorName(role, layer: layer, expert: expert)
                result += try tensor(name, shape: [rows, columns], isOptional: false).map { [$0] } ?? []
            }
            return result
        }
        let name = TensorName(role, layer: layer)
        guard let all = try tensor(name, shape: [count, rows, columns], isOptional: false) else { return [] }
        let each = all.bytes.count / count
        return (0..<count).map { expert in
            StoredTensor(
                type: all.type, count: rows * columns, bytes: all.bytes[expert * each..<(expert + 1) * each])
        }
    }

    func checkNothingIsLeft() throws(ModelError) {
        for tensor in files.tensors where tensor.name.hasPrefix(naming.layerPrefix) {
            // Frequencies that follow from the configuration; old programs stored them.
            if taken.contains(tensor.name) || tensor.name.hasSuffix("rotary_emb.inv_freq") { continue }
            throw .unexpectedTensor(name: shown(tensor.name), architecture: family.rawValue)
        }
    }
}
