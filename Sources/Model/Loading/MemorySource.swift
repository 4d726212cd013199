import Kernels
import Weights

/// Tensors that lie in memory under Hugging Face's names: a model whose training goes on, and no file has.
struct MemorySource: TensorSource {
    private let naming = TensorNaming.huggingFace(prefix: "model.", hasSandwichNorms: false)
    private let rotaryFactors: [Float]?
    private let read: (_ name: String) -> TensorInfo?
    let byteCount = 0

    init(rotaryFactors: [Float]?, _ read: @escaping (_ name: String) -> TensorInfo?) {
        self.rotaryFactors = rotaryFactors
        self.read = read
    }

    func tensor(_ name: TensorName, shape: [Int], isOptional: Bool) throws(ModelError) -> StoredTensor? {
        if name.role == .rotaryFactors, let rotaryFactors {
            guard rotaryFactors.count == shape[0] else {
                throw .wrongShape(tensor: "rotary factors", expected: shape, actual: [rotaryFactors.count])
            }
            let bytes = rotaryFactors.flatMap { factor in
                withUnsafeBytes(of: factor.bitPattern.littleEndian) { Array($0) }
            }
            return StoredTensor(type: .f32, count: rotaryFactors.count, bytes: ByteView(copying: bytes))
        }
        guard let text = naming(name), let info = read(text) else {
            if isOptional { return nil }
            throw .missingTensor(name: naming(name) ?? "\(name.role)", shape: shape)
        }
        guard info.shape == shape else { throw .wrongShape(tensor: text, expected: shape, actual: info.shape) }
        return StoredTensor(type: info.type, count: info.parameters, bytes: info.bytes)
    }

    func experts(
        _ role: TensorName.Role, layer: Int, count: Int, rows: Int, columns: Int
    ) throws(ModelError) -> [StoredTensor] {
        var result: [StoredTensor] = []
        for expert in 0..<count {
            let name = TensorName(role, layer: layer, expert: expert)
            result += try tensor(name, shape: [rows, columns], isOptional: false).map { [$0] } ?? []
        }
        return result
    }

    /// What is asked for is read, nothing else is there.
    func checkNothingIsLeft() {}
}
