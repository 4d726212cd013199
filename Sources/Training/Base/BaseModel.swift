import Kernels
import Model
import Weights

/// The weights that tuning starts from, by Hugging Face's names and in its order, wherever their files have them.
///
///     let base = try BaseModel(ModelFiles.open("qwen2.5-0.5b-instruct-q4_k_m.gguf"))
///     base.read(entry, into: parameters, on: pool)
///
/// Quantised weights stay as they are in the mapped file until their rows are read.
package struct BaseModel: Sendable {
    /// Rotary pairs lie in halves, whatever the file's order; whether the head is the table is decided.
    package let configuration: ModelConfiguration
    /// Divide the rotary frequencies (Llama 3.1's GGUF files).
    let rotaryFactors: [Float]?
    let tensors: [String: Tensor]

    struct Tensor: Sendable {
        let info: TensorInfo
        /// Rows of one head, where the two elements of a rotary pair are neighbours in the file.
        let interleavedHead: Int?

        /// The file's row that is row `row` in halves.
        func fileRow(_ row: Int) -> Int {
            guard let head = interleavedHead else { return row }
            let (place, half) = (row % head, head / 2)
            return row - place + (place < half ? 2 * place : 2 * (place - half) + 1)
        }
    }

    /// - Throws: `TrainingError.model` for files that are no model, or lack a tensor; `.unsupported` for what cannot be
    ///   trained.
    package init(_ files: ModelFiles) throws(TrainingError) {
        do {
            switch files {
            case .gguf(let file):
                try self.init(
                    try ModelConfiguration(gguf: file.metadata), files.tensors, naming: .gguf,
                    isInterleaved: { $0 == .llama })
            case .folder(let folder):
                let prefix =
                    TensorNaming.prefixes.first { files.tensor("\($0)embed_tokens.weight") != nil } ?? "model."
                try self.init(
                    try ModelConfiguration(huggingFace: folder.config), files.tensors,
                    naming: .huggingFace(prefix: prefix, hasSandwichNorms: false), isInterleaved: { _ in false })
            }
        } catch let error as ModelError {
            throw .model(error)
        } catch let error as TrainingError {
            throw error
        } catch {
            throw .file(operation: "read the model", path: files.paths.first ?? "", reason: "\(error)")
        }
    }

    /// Tensors by Hugging Face's names, as a run's checkpoint has them.
    package init(_ configuration: ModelConfiguration, _ tensors: [TensorInfo]) throws(TrainingError) {
        try self.init(
            configuration, tensors, naming: .huggingFace(prefix: "model.", hasSandwichNorms: false),
            isInterleaved: { _ in false })
    }

    private init(
        _ read: ModelConfiguration, _ infos: [TensorInfo], naming: TensorNaming,
        isInterleaved: (Architecture) -> Bool
    ) throws(TrainingError) {
        var configuration = read
        configuration.rotary.style = .halves
        try Shape.check(configuration)
        let files = Dictionary(infos.map { ($0.name, $0) }) { first, _ in first }
        let head = naming(TensorName(.head)) ?? ""
        configuration.tiesEmbeddings = configuration.tiesEmbeddings ?? (files[head] == nil)
        let names = Self.names(configuration)
        var tensors: [String: Tensor] = [:]
        var taken: Set<String> = []
        for entry in ParameterLayout(configuration).entries {
            guard let name = names[entry.name], let text = naming(name), let info = files[text] else {
                throw .model(
                    .missingTensor(name: names[entry.name].flatMap { naming($0) } ?? entry.name, shape: entry.shape))
            }
            guard info.shape.drop(while: { $0 == 1 }) == entry.shape.drop(while: { $0 == 1 }) else {
                throw .model(.wrongShape(tensor: text, expected: entry.shape, actual: info.shape))
            }
            let isTurned = name.role == .query || name.role == .key
            tensors[entry.name] = Tensor(
                info: info,
                interleavedHead: isTurned && isInterleaved(read.family) ? configuration.keyDim : nil)
            taken.insert(text)
        }
        for info in infos where info.name.hasPrefix(naming.layerPrefix) && !taken.contains(info.name) {
            // Frequencies that follow from the configuration; old programs stored them.
            if info.name.hasSuffix("rotary_emb.inv_freq") { continue }
            throw .model(.unexpectedTensor(name: shown(info.name), architecture: configuration.architecture))
        }
        self.configuration = configuration
        self.tensors = tensors
        let factors = naming(TensorName(.rotaryFactors)).flatMap { files[$0] }
        do {
            rotaryFactors = try factors.map { info throws(KernelsError) in
                try dequantize(info.type, info.bytes, count: info.parameters)
            }
        } catch {
            throw .kernels(error)
        }
        guard rotaryFactors.map({ $0.count == configuration.keyDim / 2 && $0.allSatisfy { $0 > 0 } }) ?? true else {
            throw .model(
                .invalidConfiguration(
                    field: "rope_freqs.weight", expected: "\(configuration.keyDim / 2) positive numbers",
                    actual: "others"))
        }
    }

    /// Which tensor each name of the layout is.
    private static func names(_ configuration: ModelConfiguration) -> [String: TensorName] {
        let naming = TensorNaming.huggingFace(prefix: "model.", hasSandwichNorms: false)
        var all = [TensorName(.embedding), TensorName(.outputNorm), TensorName(.head)]
        let roles: [TensorName.Role] = [
            .attentionNorm, .query, .key, .value, .queryNorm, .keyNorm, .attentionOutput, .feedForwardNorm, .gate, .up,
            .down,
        ]
        for layer in 0..<configuration.layers {
            for role in roles {
                all += [TensorName(role, layer: layer), TensorName(role, layer: layer, isBias: true)]
            }
        }
        return Dictionary(all.compactMap { name in naming(name).map { ($0, name) } }) { first, _ in first }
    }
}
