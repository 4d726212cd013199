import Crypto
import JSON

/// SHA-256 of the parts of a model's files, each apart from the others, in hex.
///
/// |  | GGUF | folder |
/// |---|---|---|
/// | `tokenizer` | keys `tokenizer.`, but for the template | tokenizer.json; tokenizer_config.json but for the same |
/// | `template` | `tokenizer.chat_template` | as `HuggingFaceFolder.chatTemplate` |
/// | `configuration` | all other keys but Danlu's own | config.json |
public struct ModelSums: Equatable, Sendable {
    public let weights: String
    public let configuration: String
    public let tokenizer: String
    /// Of the empty text when there is no template.
    public let template: String

    /// Reads the files through, but for weights that `contents` remembers.
    ///
    /// - Throws: `WeightsError` when tokenizer.json is missing.
    public init(_ files: ModelFiles, _ contents: ContentSums = ContentSums()) throws(WeightsError) {
        switch files {
        case .gguf(let file):
            let keys = file.metadata.keys.sorted()
            tokenizer = Self.sum(file.metadata, keys.filter { Self.isOfTokenizer($0) })
            configuration = Self.sum(
                file.metadata, keys.filter { !$0.hasPrefix("tokenizer.") && !$0.hasPrefix("danlu.") })
            template = Self.sum(Array((file.metadata.string(Self.templateKey) ?? "").utf8))
        case .folder(let folder):
            var settings = folder.tokenizerConfig?.object ?? JSONObject()
            settings["chat_template"] = nil
            let text = JSONValue.object(settings).serialized(.init(sortsKeys: true))
            tokenizer = Self.sum(try folder.tokenizerJSON() + [0] + Array(text.utf8))
            configuration = Self.sum(Array(folder.config.serialized(.init(sortsKeys: true)).utf8))
            template = Self.sum(Array((folder.chatTemplate ?? "").utf8))
        }
        weights = contents.sum(of: files.paths) { Self.sum(files.tensors) }
    }

    /// Of no model: as long as any other.
    static let unknown = ModelSums(String(repeating: "0", count: 64))

    private init(_ hash: String) { (weights, configuration, tokenizer, template) = (hash, hash, hash, hash) }

    /// What an adapter is bound to.
    var base: String { Self.sum(Array("\(weights)\n\(configuration)\n".utf8)) }

    static let templateKey = "tokenizer.chat_template"

    static func isOfTokenizer(_ key: String) -> Bool { key.hasPrefix("tokenizer.") && key != templateKey }

    static func sum(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hex }

    private static func sum(_ metadata: Metadata, _ keys: [String]) -> String {
        var hash = SHA256()
        for key in keys {
            guard let value = metadata[key] else { continue }
            var bytes: [UInt8] = []
            bytes.appendString(key)
            bytes.appendValue(value)
            hash.update(data: bytes)
        }
        return hash.finalize().hex
    }

    private static func sum(_ tensors: [TensorInfo]) -> String {
        var hash = SHA256()
        for tensor in tensors {
            hash.update(data: Array("\(tensor.name)\u{0}\(tensor.type.name)\u{0}\(tensor.shape)\n".utf8))
            tensor.bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        return hash.finalize().hex
    }
}
