import Kernels
import Weights

/// Takes an adapter's tensors, checks them against a model, and packs them.
struct AdapterLoader {
    private let source: AdapterSource
    private let model: Transformer
    private let type: ElementType?
    private var taken: Set<String> = []
    private(set) var rank = 0
    private(set) var parameterCount = 0
    private(set) var weightBytes = 0

    init(_ files: AdapterFiles, _ model: Transformer, as type: ElementType?) throws(ModelError) {
        self.type = type
        source = try AdapterSource(files, model.configuration)
        self.model = model
    }

    mutating func layers() throws(ModelError) -> [AdapterLayer] {
        var result: [AdapterLayer] = []
        for (layer, block) in model.blocks.enumerated() { result.append(try self.layer(layer, block)) }
        return result
    }

    /// To be called when all has been loaded.
    ///
    /// - Throws: `ModelError` for a tensor that was left, and when there was none at all.
    func finish() throws(ModelError) {
        try source.checkNothingIsLeft(besides: taken)
        guard rank > 0 else { throw .missingTensor(name: source.exampleName, shape: []) }
    }

    private mutating func layer(_ layer: Int, _ block: Block) throws(ModelError) -> AdapterLayer {
        let attention = block.attention
        var result = AdapterLayer(
            attentionInput: try group(
                layer,
                [(.query, attention.query.weight), (.key, attention.key.weight), (.value, attention.value.weight)]),
            attentionOutput: try group(layer, [(.attentionOutput, attention.output.weight)]))
        if case .dense(let dense) = block.feedForward {
            result.feedForwardInput = try group(layer, [(.gate, dense.gate), (.up, dense.up)])
            result.feedForwardOutput = try group(layer, [(.down, dense.down)])
        }
        return result
    }

    /// What is there for products of one input; nil when nothing is.
    private mutating func group(
        _ layer: Int, _ matrices: [(AdapterMatrix, WeightMatrix)]
    ) throws(ModelError) -> AdapterGroup? {
        var stacked: [Float] = []
        var parts: [AdapterGroup.Part] = []
        var ranks = 0
        // One type for all A's: they are one matrix.
        let type = type ?? (matrices.contains { $0.1.type == .f32 } ? .f32 : .f16)
        let columns = matrices[0].1.columns
        for (product, (matrix, weight)) in matrices.enumerated() {
            guard let pair = try pair(matrix, layer, weight) else { continue }
            let (a, divisorA) = Self.fitted(pair.a, to: type)
            let (b, divisorB) = Self.fitted(pair.b, to: type)
            stacked += a
            let packed = try pack(b, type, rows: weight.rows, columns: pair.rank)
            parts.append(
                AdapterGroup.Part(
                    product: product, ranks: ranks..<ranks + pair.rank, b: packed,
                    factor: pair.factor * divisorA * divisorB))
            ranks += pair.rank
            rank = max(rank, pair.rank)
            parameterCount += a.count + b.count
        }
        guard ranks > 0 else { return nil }
        return AdapterGroup(a: try pack(stacked, type, rows: ranks, columns: columns), parts: parts)
    }

    private struct Pair {
        let rank: Int
        let factor: Float
        let a: [Float]
        let b: [Float]
    }

    private mutating func pair(
        _ matrix: AdapterMatrix, _ layer: Int, _ weight: WeightMatrix
    ) throws(ModelError) -> Pair? {
        guard let found = try source.pair(matrix, layer: layer) else { return nil }
        let rank = found.a.shape.first ?? 0
        guard found.a.shape.count == 2, (1...ModelLimits.adapterRankMax).contains(rank) else {
            throw .unsupported(
                field: shown(found.a.name), expected: "ranks from 1 to \(ModelLimits.adapterRankMax)",
                actual: "the shape \(found.a.shape)")
        }
        try Self.require(found.a, [rank, weight.columns])
        try Self.require(found.b, [weight.rows, rank])
        taken.insert(found.a.name)
        taken.insert(found.b.name)
        let rows = source.rows(of: matrix, in: try Self.floats(found.b), rank: rank)
        return Pair(
            rank: rank, factor: try source.factor(matrix, layer: layer, rank: rank, found.a),
            a: try Self.floats(found.a), b: rows)
    }

    private static func require(_ tensor: TensorInfo, _ shape: [Int]) throws(ModelError) {
        guard tensor.shape == shape else {
            throw .wrongShape(tensor: shown(tensor.name), expected: shape, actual: tensor.shape)
        }
    }

    private static func floats(_ tensor: TensorInfo) throws(ModelError) -> [Float] {
        let values: [Float]
        do {
            values = try dequantize(tensor.type, tensor.bytes, count: tensor.parameters)
        } catch {
            throw .kernels(error)
        }
        tensor.bytes.releasePages()
        guard let odd = values.first(where: { !$0.isFinite }) else { return values }
        throw .invalidConfiguration(field: shown(tensor.name), expected: "finite numbers", actual: "\(odd)")
    }

    /// Numbers multiplied by a power of two so that the largest is between 1 and 2, where F16 is most exact; and what
    /// undoes it.
    private static func fitted(_ values: [Float], to type: ElementType) -> ([Float], divisor: Float) {
        let largest = values.reduce(0) { max($0, abs($1)) }
        guard type == .f16, largest >= .leastNormalMagnitude else { return (values, 1) }
        let unit = largest.binade
        // Of the largest numbers the inverse would be too small to be exact; they are no adapter's.
        guard unit < 0x1p100, unit > 0x1p-100 else { return (values, 1) }
        return (values.map { $0 / unit }, unit)
    }

    private mutating func pack(
        _ values: [Float], _ type: ElementType, rows: Int, columns: Int
    ) throws(ModelError) -> WeightMatrix {
        guard let bytes = quantize(values, as: type) else { preconditionFailure("\(type.name) takes any count") }
        do {
            let matrix = try WeightMatrix(type: type, rows: rows, columns: columns, bytes: ByteView(copying: bytes))
            weightBytes += matrix.packedBytes
            return matrix
        } catch {
            throw .kernels(error)
        }
    }
}
