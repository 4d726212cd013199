/// Where a transformer's tensors come from: files, or a generator of random numbers.
protocol TensorSource {
    /// The tensor in the wanted shape; nil when it is optional and not there.
    ///
    /// - Throws: `ModelError.missingTensor`, `.wrongShape`
    mutating func tensor(
        _ name: TensorName, shape: [Int], isOptional: Bool
    ) throws(ModelError) -> StoredTensor?

    /// All experts' matrices for one role, each of `rows` x `columns`.
    mutating func experts(
        _ role: TensorName.Role, layer: Int, count: Int, rows: Int, columns: Int
    ) throws(ModelError) -> [StoredTensor]

    /// Bytes of all tensors, to tell how far loading has come.
    var byteCount: Int { get }

    /// Called when all has been taken.
    ///
    /// - Throws: `ModelError.unexpectedTensor` for one that was left.
    func checkNothingIsLeft() throws(ModelError)
}
