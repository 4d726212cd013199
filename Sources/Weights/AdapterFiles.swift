import Kernels

/// A LoRA adapter's files, whichever of the two kinds they are.
///
///     let files = try AdapterFiles.open("style-adapter")
///     files.tensors.count                          // 336: two for each matrix that is adapted
///
/// As with `ModelFiles`, what is opened lies within its file and has the size its shape asks for; what the tensors
/// are for is checked by who reads them.
public enum AdapterFiles: Sendable {
    /// One file whose metadata calls it an adapter.
    case gguf(GGUFFile)
    case folder(AdapterFolder)

    /// Opens what `path` names: a GGUF file, or a folder that PEFT saved.
    ///
    /// - Throws: `WeightsError` when there is nothing, or the files are damaged or no adapter.
    public static func open(
        _ path: String, limits: WeightsLimits = WeightsLimits()
    ) throws(WeightsError) -> AdapterFiles {
        if ModelFolder.exists(path) { return .folder(try AdapterFolder(path: path, limits: limits)) }
        let context = FileContext(operation: "read the adapter", file: path)
        // By its bytes: an adapter of several files is none that programs write.
        return .gguf(try checked(GGUFFile(bytes: try context.map(), name: path, limits: limits), context))
    }

    /// A GGUF adapter that is in memory. For fuzzing and tests.
    package static func gguf(
        bytes: ByteView, name: String, limits: WeightsLimits = WeightsLimits()
    ) throws(WeightsError) -> AdapterFiles {
        let context = FileContext(operation: "read the adapter", file: name)
        return .gguf(try checked(GGUFFile(bytes: bytes, name: name, limits: limits), context))
    }

    /// Whether `path` names an adapter rather than a model, as far as its own metadata says.
    public static func areAt(_ path: String) -> Bool {
        if ModelFolder.exists(path) { return ModelFolder(path: path).has(AdapterFolder.configuration) }
        guard let files = try? ModelFiles.open(path), case .gguf(let file) = files else { return false }
        return file.metadata.string(typeKey) == "adapter"
    }

    private var files: any TensorFiles {
        switch self {
        case .gguf(let file): file
        case .folder(let folder): folder
        }
    }

    public var tensors: [TensorInfo] { files.tensors }

    public func tensor(_ name: String) -> TensorInfo? { files.tensor(name) }

    /// The size of the file with weights.
    public var byteCount: Int { files.byteCount }

    private static let typeKey = "general.type"

    private static func checked(_ file: GGUFFile, _ context: FileContext) throws(WeightsError) -> GGUFFile {
        for (key, expected) in [(typeKey, "adapter"), ("adapter.type", "lora")] {
            let actual = file.metadata.string(key)
            guard actual == expected else {
                throw context.unsupported(
                    "key \(shown(key))", expected: shown(expected), actual: actual.map { shown($0) } ?? "nothing",
                    hint: "this is no LoRA adapter; llama.cpp's convert_lora_to_gguf.py makes them")
            }
        }
        return file
    }
}
