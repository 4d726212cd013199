import JSON

/// A model as Hugging Face's transformers saves it: a folder of config.json, safetensors files and a tokenizer.
///
///     let folder = try HuggingFaceFolder(path: "Qwen2.5-0.5B-Instruct")
///     folder.config["num_hidden_layers"]?.int                 // 24
///     folder.tensor("model.embed_tokens.weight")?.shape       // [151936, 896]
///
/// When it has been opened, the tensors are those of the one file or of all files that the index names, checked as
/// `SafetensorsFile` says; names occur once. What the JSON files say is checked by who reads it.
public final class HuggingFaceFolder: Sendable {
    /// config.json, an object.
    public let config: JSONValue
    /// generation_config.json, an object.
    public let generationConfig: JSONValue?
    /// tokenizer_config.json, an object.
    public let tokenizerConfig: JSONValue?
    /// The text of chat_template.jinja, else what chat_template.json or tokenizer_config.json has; of several
    /// templates the one named "default".
    public let chatTemplate: String?
    /// The safetensors files, in order of their names.
    public let paths: [String]
    /// The size of the safetensors files together.
    public let byteCount: Int
    /// File by file, each in the order of its data.
    public let tensors: [TensorInfo]
    /// The folder's.
    var path: String { folder.path }
    /// `__metadata__` of the first of them.
    let metadata: [String: String]
    private let places: [String: Int]
    private let folder: ModelFolder
    private let limits: WeightsLimits

    /// - Throws: `WeightsError` when a file is missing, cannot be opened, is damaged, or of an unsupported kind.
    public init(path: String, limits: WeightsLimits = WeightsLimits()) throws(WeightsError) {
        let folder = ModelFolder(path: path)
        guard let config = try folder.object("config.json", limits) else {
            throw folder.context().missing(
                "config.json", expected: "the file", actual: "none", hint: "give the folder of a whole model")
        }
        self.config = config
        generationConfig = try folder.object("generation_config.json", limits)
        tokenizerConfig = try folder.object("tokenizer_config.json", limits)
        chatTemplate = try folder.chatTemplate(tokenizerConfig, limits)
        let weights = try SafetensorsSet(folder, limits)
        paths = weights.paths
        byteCount = weights.byteCount
        tensors = weights.tensors
        places = weights.places
        metadata = weights.metadata
        self.folder = folder
        self.limits = limits
    }

    public func tensor(_ name: String) -> TensorInfo? { places[name].map { tensors[$0] } }

    /// The bytes of tokenizer.json.
    ///
    /// - Throws: `WeightsError` when there is none, or it is larger than `tokenizerBytesMax`.
    public func tokenizerJSON() throws(WeightsError) -> [UInt8] {
        let name = "tokenizer.json"
        guard let bytes = try folder.bytes(name, "tokenizerBytesMax", limits.tokenizerBytesMax) else {
            let hint =
                folder.has("tokenizer.model")
                ? "make it of tokenizer.model: load the tokenizer with transformers and save it"
                : "get it from where the model is from"
            throw folder.context().missing(name, expected: "the file", actual: "none", hint: hint)
        }
        return bytes.copy()
    }
}
