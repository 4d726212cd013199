import Kernels
import Weights

/// Where an adapter's tensors lie, whichever of the two kinds its files are.
///
///     GGUF    blk.3.attn_q.weight.lora_a                                      alpha for all
///     PEFT    base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight  alpha by pattern
struct AdapterSource {
    private let files: AdapterFiles
    private let configuration: ModelConfiguration
    private let kind: Kind
    /// How the rows of queries and keys lie.
    private let style: RotaryPositions.Style

    private enum Kind {
        /// Nil where the file leaves alpha out: then it is the rank.
        case gguf(alpha: Double?)
        /// - Parameter prefix: what stands before `layers` in the names of the model's modules.
        case peft(PEFTConfiguration, prefix: String)
    }

    struct Pair {
        let a: TensorInfo
        let b: TensorInfo
    }

    /// - Throws: `ModelError` when the adapter says that it is for another architecture or of a kind that is not read.
    init(_ files: AdapterFiles, _ configuration: ModelConfiguration) throws(ModelError) {
        self.files = files
        self.configuration = configuration
        switch files {
        case .gguf(let file):
            let fields = FieldReader(path: "") { file.metadata[$0].map(FieldValue.init) }
            let architecture = try fields.text("general.architecture") ?? ""
            guard architecture == configuration.architecture else {
                throw fields.unsupported(
                    "general.architecture", "\(configuration.architecture), as the model is", shown(architecture))
            }
            kind = .gguf(alpha: try fields.positive("adapter.lora.alpha"))
            style = ModelConfiguration.rotaryStyle(ofGGUF: configuration.family)
        case .folder(let folder):
            kind = .peft(try PEFTConfiguration(folder.config), prefix: Self.prefix(folder))
            style = .halves
        }
    }

    /// A and B of a matrix; nil when it is not adapted.
    ///
    /// - Throws: `ModelError.missingTensor` when only one of them is there.
    func pair(_ matrix: AdapterMatrix, layer: Int) throws(ModelError) -> Pair? {
        let (a, b) = (names(matrix, layer, isA: true), names(matrix, layer, isA: false))
        let found = (a.firstNonNil(files.tensor), b.firstNonNil(files.tensor))
        switch found {
        case (nil, nil): return nil
        case (let a?, let b?): return Pair(a: a, b: b)
        case (nil, _): throw .missingTensor(name: a[0], shape: [])
        case (_, nil): throw .missingTensor(name: b[0], shape: [])
        }
    }

    /// What A and B are multiplied by.
    ///
    /// - Throws: `ModelError.wrongShape` when the rank is not the one that the configuration says.
    func factor(
        _ matrix: AdapterMatrix, layer: Int, rank: Int, _ a: TensorInfo
    ) throws(ModelError) -> Float {
        switch kind {
        case .gguf(let alpha): return alpha.map { Float($0 / Double(rank)) } ?? 1
        case .peft(let configuration, _):
            let module = module(matrix, layer)
            let expected = configuration.rank(of: module)
            guard rank == expected else {
                throw .wrongShape(
                    tensor: shown(a.name), expected: [expected] + a.shape.dropFirst(), actual: a.shape)
            }
            return Float(configuration.factor(of: module))
        }
    }

    /// B's rows in the order that the model's own rows have.
    ///
    /// GGUF's llama turns pairs (2i, 2i + 1) of a head, so its files hold the rows of queries and keys interleaved;
    /// PEFT adapters hold them in halves. Whichever the adapter and the model are, the rows follow the model.
    ///
    ///     halves        0 1 2 3 | 4 5 6 7          interleaved   0 4 1 5 2 6 3 7
    func rows(of matrix: AdapterMatrix, in b: [Float], rank: Int) -> [Float] {
        let heads: Int
        switch matrix {
        case .query: heads = configuration.heads
        case .key: heads = configuration.kvHeads
        case .value, .attentionOutput, .gate, .up, .down: return b
        }
        let target = configuration.rotary.style
        guard style != target else { return b }
        let (size, half) = (configuration.keyDim, configuration.keyDim / 2)
        var result: [Float] = []
        result.reserveCapacity(b.count)
        for row in 0..<heads * size {
            let (head, place) = (row / size * size, row % size)
            let source = target == .interleaved ? place / 2 + place % 2 * half : place % half * 2 + place / half
            result += b[(head + source) * rank..<(head + source + 1) * rank]
        }
        return result
    }

    /// - Throws: `ModelError` for a tensor that no matrix of the model has taken, saying what it is when that is known.
    func checkNothingIsLeft(besides taken: Set<String>) throws(ModelError) {
        guard let left = files.tensors.first(where: { !taken.contains($0.name) }) else { return }
        let known = ["embed", "lm_head", "output.weight", "expert", "exps", "shexp", "magnitude", "norm"]
        if known.contains(where: left.name.contains) {
            throw .unsupported(
                field: "the adapter's tensor", expected: AdapterMatrix.supported, actual: shown(left.name))
        }
        throw .unexpectedTensor(name: shown(left.name), architecture: configuration.architecture)
    }

    /// For errors: the name of a tensor that an adapter could have.
    var exampleName: String { names(.query, 0, isA: true)[0] }

    /// The names that A or B may have.
    private func names(_ matrix: AdapterMatrix, _ layer: Int, isA: Bool) -> [String] {
        switch kind {
        case .gguf:
            let base = TensorNaming.gguf(TensorName(matrix.role, layer: layer)) ?? ""
            return [base + (isA ? ".lora_a" : ".lora_b")]
        case .peft:
            let base = "\(Self.wrapper)\(module(matrix, layer)).\(isA ? "lora_A" : "lora_B")"
            // A program that saves the wrapped model itself leaves the adapter's name in.
            return ["\(base).weight", "\(base).default.weight"]
        }
    }

    /// A module's name as PEFT's patterns see it: `model.layers.3.self_attn.q_proj`.
    private func module(_ matrix: AdapterMatrix, _ layer: Int) -> String {
        guard case .peft(_, let prefix) = kind else { return "" }
        let naming = TensorNaming.huggingFace(prefix: prefix, hasSandwichNorms: configuration.family.isGemma)
        let name = naming(TensorName(matrix.role, layer: layer)) ?? ""
        return String(name.dropLast(".weight".count))
    }

    private static let wrapper = "base_model.model."

    private static func prefix(_ folder: AdapterFolder) -> String {
        TensorNaming.prefixes.first { prefix in
            folder.tensors.contains { $0.name.hasPrefix("\(wrapper)\(prefix)layers.") }
        } ?? "model."
    }
}

extension Array {
    fileprivate func firstNonNil<Value>(_ transform: (Element) -> Value?) -> Value? {
        for element in self { if let value = transform(element) { return value } }
        return nil
    }
}
