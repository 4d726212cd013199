import JSON
import Kernels

/// An adapter as Hugging Face's PEFT saves it: a folder of adapter_config.json and adapter_model.safetensors.
///
///     let folder = try AdapterFolder(path: "style-adapter")
///     folder.config["r"]?.int                      // 16
public final class AdapterFolder: Sendable {
    /// adapter_config.json, an object.
    public let config: JSONValue
    /// In the order of their data.
    public let tensors: [TensorInfo]
    /// The size of the safetensors file.
    public let byteCount: Int
    private let places: [String: Int]

    static let configuration = "adapter_config.json"
    static let weights = "adapter_model.safetensors"

    /// The names of the files that are read.
    public static let fileNames = [configuration, weights]

    /// - Throws: `WeightsError` when a file is missing, cannot be opened, is damaged, or of an unsupported kind.
    public convenience init(path: String, limits: WeightsLimits = WeightsLimits()) throws(WeightsError) {
        let folder = ModelFolder(path: path)
        guard let config = try folder.object(Self.configuration, limits) else {
            throw folder.context().missing(
                Self.configuration, expected: "the file", actual: "none",
                hint: "give a GGUF adapter, or the folder that PEFT saved")
        }
        guard folder.has(Self.weights) else { throw try Self.nothing(in: folder) }
        let file = folder.path(Self.weights)
        let context = FileContext(operation: "read the safetensors file", file: file)
        self.init(config, try SafetensorsFile(bytes: try context.map(), name: file, limits: limits))
    }

    /// Of parts in memory. For fuzzing and tests.
    ///
    /// - Precondition: `config` is an object.
    package convenience init(_ config: JSONValue, _ file: SafetensorsFile) {
        self.init(config, tensors: file.tensors, byteCount: file.byteCount)
    }

    /// Of tensors that no file has: an adapter whose training goes on.
    ///
    /// - Precondition: `config` is an object.
    package convenience init(_ config: JSONValue, tensors: [TensorInfo]) {
        self.init(config, tensors: tensors, byteCount: tensors.reduce(0) { $0 + $1.bytes.count })
    }

    private init(_ config: JSONValue, tensors: [TensorInfo], byteCount: Int) {
        self.config = config
        self.tensors = tensors
        self.byteCount = byteCount
        places = Dictionary(tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    }

    public func tensor(_ name: String) -> TensorInfo? { places[name].map { tensors[$0] } }

    private static func nothing(in folder: ModelFolder) throws(WeightsError) -> WeightsError {
        if let pickle = try folder.names().first(where: { $0.hasSuffix(".bin") || $0.hasSuffix(".pt") }) {
            return folder.context().unsupported(
                "", expected: weights, actual: shown(pickle),
                hint: "pickled files can run code and are not read; save the adapter as safetensors")
        }
        return folder.context().missing(
            "", expected: weights, actual: "none", hint: "get the adapter's weights")
    }
}
