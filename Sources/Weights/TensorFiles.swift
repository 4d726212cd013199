/// Files with tensors: what `ModelFiles` and `AdapterFiles` need of each kind.
protocol TensorFiles: Sendable {
    var tensors: [TensorInfo] { get }
    /// The size of the files with weights together.
    var byteCount: Int { get }
    func tensor(_ name: String) -> TensorInfo?
}

extension GGUFFile: TensorFiles {}
extension HuggingFaceFolder: TensorFiles {}
extension AdapterFolder: TensorFiles {}
