/// A model's files, whichever of the two kinds they are.
///
///     let files = try ModelFiles.open("qwen2.5-coder-1.5b-instruct.gguf")
///     files.byteCount
public enum ModelFiles: Sendable {
    case gguf(GGUFFile)
    case folder(HuggingFaceFolder)

    /// Opens what `path` names: a GGUF file, one of a split model's files, a Hugging Face folder, or a folder with
    /// one GGUF model in it.
    ///
    /// - Throws: `WeightsError` when there is nothing, or more than one model, or the files are damaged.
    public static func open(
        _ path: String, limits: WeightsLimits = WeightsLimits()
    ) throws(WeightsError) -> ModelFiles {
        guard ModelFolder.exists(path) else { return .gguf(try GGUFFile(path: path, limits: limits)) }
        let folder = ModelFolder(path: path)
        if folder.has("config.json") { return .folder(try HuggingFaceFolder(path: path, limits: limits)) }
        return .gguf(try GGUFFile(path: try onlyGGUF(in: folder), limits: limits))
    }

    private var files: any TensorFiles {
        switch self {
        case .gguf(let file): file
        case .folder(let folder): folder
        }
    }

    public var tensors: [TensorInfo] { files.tensors }

    public func tensor(_ name: String) -> TensorInfo? { files.tensor(name) }

    /// The size of all files with weights together.
    public var byteCount: Int { files.byteCount }

    /// The files with weights.
    public var paths: [String] {
        switch self {
        case .gguf(let file): file.paths
        case .folder(let folder): folder.paths
        }
    }

    /// The path of the one GGUF file, or of the first of the one split model.
    private static func onlyGGUF(in folder: ModelFolder) throws(WeightsError) -> String {
        let names = try folder.names().filter { $0.lowercased().hasSuffix(".gguf") }
        let models = names.filter { ShardName($0).map { $0.place == 0 } ?? true }
        let expected = "one GGUF model, or config.json and safetensors files"
        guard let name = models.first ?? names.first else {
            throw folder.context().missing("", expected: expected, actual: "neither", hint: "give a model's path")
        }
        guard models.count <= 1 else {
            throw folder.context().malformed(
                "", expected: expected, actual: models.prefix(4).map { shown($0) }.joined(separator: ", "),
                hint: "give the path of one")
        }
        return folder.path(name)
    }
}
