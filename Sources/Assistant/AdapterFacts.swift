import JSON
import Weights

/// What an adapter's files say of it, without the model that it is for. Whether it fits one shows when it is loaded.
public struct AdapterFacts: Sendable {
    /// `"GGUF"` or `"PEFT"`.
    public let format: String
    /// What it calls its model: an architecture, or a name.
    public let base: String
    public let alpha: Double?
    /// The ranks of its matrices, ascending, each once.
    public let ranks: [Int]
    public let layers: Int
    /// What the file calls the matrices that it changes, each once, in order.
    public let targets: [String]
    public let parameters: Int
    public let types: [String]
    public let fileBytes: Int

    /// Whether a file or folder is an adapter rather than a model.
    public static func exist(at path: String) -> Bool { AdapterFiles.areAt(path) }

    /// - Throws: `AssistantError.adapter`.
    public init(path: String) throws(AssistantError) {
        let files: AdapterFiles
        do {
            files = try AdapterFiles.open(path)
        } catch {
            throw .adapter(name: path, reason: "\(error)")
        }
        switch files {
        case .gguf(let file):
            format = "GGUF"
            base = file.metadata.string("general.architecture") ?? ""
            alpha = file.metadata.double("adapter.lora.alpha")
        case .folder(let folder):
            format = "PEFT"
            base = folder.config["base_model_name_or_path"]?.string ?? ""
            alpha = folder.config["lora_alpha"]?.double
        }
        var (ranks, layers, targets) = (Set<Int>(), Set<Int>(), Set<String>())
        for tensor in files.tensors {
            let parts = tensor.name.lowercased().split(separator: ".")
            guard let end = parts.firstIndex(where: { $0 == "lora_a" || $0 == "lora_b" }), end > 0 else { continue }
            if parts[end] == "lora_a", let rank = tensor.shape.first { ranks.insert(rank) }
            if let place = parts.firstIndex(where: { $0 == "blk" || $0 == "layers" }), place + 1 < parts.count {
                Int(parts[place + 1]).map { _ = layers.insert($0) }
            }
            let target = parts[..<end].last { $0 != "weight" }
            if let target { targets.insert(String(target)) }
        }
        self.ranks = ranks.sorted()
        self.layers = layers.count
        self.targets = targets.sorted()
        parameters = files.tensors.reduce(0) { $0 + $1.parameters }
        types = Set(files.tensors.map(\.type.name)).sorted()
        fileBytes = files.byteCount
    }
}
