import Kernels

/// Takes tensors from a source and packs them for the kernels.
struct WeightLoader {
    private var source: any TensorSource
    private let pool: WorkerPool
    private let arena = MemoryArena()
    private let progress: (@Sendable (Double) -> Void)?
    private(set) var parameterCount = 0
    /// Memory of the packed weights and vectors.
    private(set) var weightBytes = 0
    private var bytesByType: [ElementType: Int] = [:]
    private var bytesDone = 0

    init(_ source: any TensorSource, on pool: WorkerPool, progress: (@Sendable (Double) -> Void)?) {
        self.source = source
        self.pool = pool
        self.progress = progress
    }

    mutating func matrix(
        _ role: TensorName.Role, layer: Int? = nil, rows: Int, columns: Int
    ) throws(ModelError) -> WeightMatrix {
        let name = TensorName(role, layer: layer)
        guard let tensor = try take(name, shape: [rows, columns], isOptional: false) else {
            throw .missingTensor(name: "\(role)", shape: [rows, columns])
        }
        return try pack(tensor, rows, columns)
    }

    /// A matrix that may be absent, unpacked when only its rows are looked up.
    mutating func optionalMatrix(
        _ role: TensorName.Role, rows: Int, columns: Int
    ) throws(ModelError) -> WeightMatrix? {
        let name = TensorName(role)
        guard let tensor = try take(name, shape: [rows, columns], isOptional: true) else { return nil }
        return try pack(tensor, rows, columns)
    }

    /// The embedding table: rows to look up in the file's layout, and the same packed as a head when it is wanted.
    mutating func embedding(
        rows: Int, columns: Int, isHead: Bool
    ) throws(ModelError) -> (table: WeightMatrix, head: WeightMatrix?) {
        let shape = [rows, columns]
        guard let tensor = try take(TensorName(.embedding), shape: shape, isOptional: false) else {
            throw .missingTensor(name: "embedding", shape: shape)
        }
        let table = try pack(tensor, rows, columns, packing: .file)
        return (table, isHead ? try pack(tensor, rows, columns) : nil)
    }

    mutating func experts(
        _ role: TensorName.Role, layer: Int, count: Int, rows: Int, columns: Int
    ) throws(ModelError) -> [WeightMatrix] {
        let tensors = try source.experts(role, layer: layer, count: count, rows: rows, columns: columns)
        var result: [WeightMatrix] = []
        for tensor in tensors {
            self.count(tensor)
            result.append(try pack(tensor, rows, columns))
        }
        return result
    }

    /// A norm's weights or a bias; nil when it may be absent and is.
    mutating func vector(
        _ role: TensorName.Role, layer: Int? = nil, isBias: Bool = false, count: Int, adding offset: Float = 0,
        isOptional: Bool = false
    ) throws(ModelError) -> FloatBuffer? {
        let name = TensorName(role, layer: layer, isBias: isBias)
        guard let tensor = try take(name, shape: [count], isOptional: isOptional) else { return nil }
        do {
            let values = try dequantize(tensor.type, tensor.bytes, count: count)
            weightBytes += count * 4
            return FloatBuffer(offset == 0 ? values : values.map { $0 + offset })
        } catch {
            throw .kernels(error)
        }
    }

    mutating func norm(
        _ role: TensorName.Role, layer: Int? = nil, count: Int, _ configuration: ModelConfiguration
    ) throws(ModelError) -> Norm {
        Norm(
            weight: try vector(role, layer: layer, count: count, adding: configuration.normWeightOffset),
            epsilon: configuration.normEpsilon)
    }

    /// To be called when all has been loaded.
    ///
    /// - Throws: `ModelError.unexpectedTensor` for one that was left.
    func finish() throws(ModelError) {
        try source.checkNothingIsLeft()
        progress?(1)
    }

    /// The type that most bytes have.
    var dominantType: ElementType? {
        bytesByType.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    }

    private mutating func take(
        _ name: TensorName, shape: [Int], isOptional: Bool
    ) throws(ModelError) -> StoredTensor? {
        guard let tensor = try source.tensor(name, shape: shape, isOptional: isOptional) else { return nil }
        count(tensor)
        return tensor
    }

    private mutating func pack(
        _ tensor: StoredTensor, _ rows: Int, _ columns: Int, packing: WeightMatrix.Packing = .packed
    ) throws(ModelError) -> WeightMatrix {
        do {
            let matrix = try WeightMatrix(
                type: tensor.type, rows: rows, columns: columns, bytes: tensor.bytes, packing: packing, pool: pool,
                arena: arena)
            weightBytes += matrix.packedBytes
            return matrix
        } catch {
            throw .kernels(error)
        }
    }

    private mutating func count(_ tensor: StoredTensor) {
        parameterCount += tensor.count
        bytesByType[tensor.type, default: 0] += tensor.bytes.count
        bytesDone += tensor.bytes.count
        if source.byteCount > 0 { progress?(min(1, Double(bytesDone) / Double(source.byteCount))) }
    }
}
