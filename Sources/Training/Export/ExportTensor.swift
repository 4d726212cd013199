import Kernels
import Model
import Weights

/// A tensor on its way from Hugging Face's names and order to a GGUF file's.
struct ExportTensor {
    let name: TensorName
    let source: TensorInfo
    /// In the GGUF file.
    let target: TensorDescription
    /// Rows of one head when the two elements of each rotary pair, half a head apart, become neighbours.
    let interleavedHead: Int?

    /// The row of the source that becomes row `row`.
    func sourceRow(_ row: Int) -> Int {
        guard let head = interleavedHead else { return row }
        let place = row % head
        return row - place + place % 2 * (head / 2) + place / 2
    }

    /// The tensors of a model in the file's order.
    ///
    /// - Throws: `ModelError` for a tensor that is missing, has another shape, or has no place in the architecture.
    static func all(of source: ExportSource, _ type: ExportType, isPure: Bool) throws(ModelError) -> [ExportTensor] {
        let shape = source.configuration
        let tensors = Dictionary(source.tensors.map { ($0.name, $0) }) { first, _ in first }
        let prefix = TensorNaming.prefixes.first { tensors["\($0)embed_tokens.weight"] != nil } ?? "model."
        let naming = TensorNaming.huggingFace(prefix: prefix, hasSandwichNorms: false)
        let head = naming(TensorName(.head)) ?? ""
        let isTied = shape.tiesEmbeddings ?? (tensors[head] == nil)
        let mixture = TensorMixture(type: type, isPure: isPure, layers: shape.layers, isTied: isTied)
        var result: [ExportTensor] = []
        for wanted in Wanted.all(of: shape, isTied: isTied) {
            let name = naming(wanted.name) ?? ""
            guard let info = tensors[name] else {
                if wanted.isOptional { continue }
                throw .missingTensor(name: name, shape: wanted.shape)
            }
            guard info.shape == wanted.shape else {
                throw .wrongShape(tensor: name, expected: wanted.shape, actual: info.shape)
            }
            let columns = wanted.shape.count > 1 ? info.columns : nil
            let isTurned = wanted.name.role == .query || wanted.name.role == .key
            result.append(
                ExportTensor(
                    name: wanted.name, source: info,
                    target: TensorDescription(
                        name: TensorNaming.gguf(wanted.name) ?? "", type: mixture.type(wanted.name, columns: columns),
                        shape: wanted.shape),
                    interleavedHead: isTurned && shape.family == .llama ? shape.keyDim : nil))
        }
        let taken = Set(result.map(\.source.name))
        for tensor in source.tensors where tensor.name.hasPrefix(naming.layerPrefix) && !taken.contains(tensor.name) {
            // Frequencies that follow from the configuration; old programs stored them.
            if tensor.name.hasSuffix("rotary_emb.inv_freq") { continue }
            throw .unexpectedTensor(name: shown(tensor.name), architecture: shape.architecture)
        }
        return result
    }

    /// A tensor that the architecture has.
    private struct Wanted {
        let name: TensorName
        let shape: [Int]
        var isOptional = false

        static func all(of shape: ModelConfiguration, isTied: Bool) -> [Wanted] {
            let width = shape.embeddingDim
            var list = [Wanted(name: TensorName(.embedding), shape: [shape.vocabularySize, width])]
            for layer in 0..<shape.layers { list += Self.layer(layer, shape) }
            list.append(Wanted(name: TensorName(.outputNorm), shape: [width]))
            if !isTied { list.append(Wanted(name: TensorName(.head), shape: [shape.vocabularySize, width])) }
            return list
        }

        private static func layer(_ layer: Int, _ shape: ModelConfiguration) -> [Wanted] {
            let (width, inner) = (shape.embeddingDim, shape.feedForwardDim)
            func wanted(_ role: TensorName.Role, _ shape: [Int]) -> Wanted {
                Wanted(name: TensorName(role, layer: layer), shape: shape)
            }
            func projection(_ role: TensorName.Role, _ rows: Int, _ columns: Int, needsBias: Bool) -> [Wanted] {
                let bias = TensorName(role, layer: layer, isBias: true)
                return [wanted(role, [rows, columns]), Wanted(name: bias, shape: [rows], isOptional: !needsBias)]
            }
            var list = [wanted(.attentionNorm, [width])]
            let needsBias = shape.family.needsBias
            list += projection(.query, shape.heads * shape.keyDim, width, needsBias: needsBias)
            list += projection(.key, shape.kvHeads * shape.keyDim, width, needsBias: needsBias)
            list += projection(.value, shape.kvHeads * shape.valueDim, width, needsBias: needsBias)
            list += projection(.attentionOutput, width, shape.heads * shape.valueDim, needsBias: false)
            if shape.family.normalizesHeads {
                list += [wanted(.queryNorm, [shape.keyDim]), wanted(.keyNorm, [shape.keyDim])]
            }
            list.append(wanted(.feedForwardNorm, [width]))
            list += projection(.gate, inner, width, needsBias: false)
            list += projection(.up, inner, width, needsBias: false)
            list += projection(.down, width, inner, needsBias: false)
            return list
        }
    }
}
