import Crypto
import Foundation
import JSON
import Kernels

extension ModelBundle {
    /// What the files of a model say of themselves; nil when they say nothing, as most do.
    public static func of(_ files: ModelFiles) throws(WeightsError) -> ModelBundle? {
        switch files {
        case .gguf(let file):
            guard let text = file.metadata.string(key) else { return nil }
            let context = FileContext(operation: "read the bundle of", file: file.paths.first ?? "")
            let value: JSONValue
            do { value = try JSONValue(parsing: text) } catch {
                throw context.malformed("key \(shown(key))", expected: "JSON", actual: "\(error)")
            }
            return try ModelBundle(value, context)
        case .folder(let folder): return try inFolder(folder.path)
        }
    }

    /// Of an adapter; nil when it has none, as those of other programs.
    public static func ofAdapter(_ path: String) throws(WeightsError) -> ModelBundle? {
        ModelFolder.exists(path) ? try inFolder(path) : nil
    }

    private static func inFolder(_ path: String) throws(WeightsError) -> ModelBundle? {
        let folder = ModelFolder(path: path)
        guard let value = try folder.object(fileName, WeightsLimits()) else { return nil }
        return try ModelBundle(value, folder.context(fileName))
    }

    // MARK: Making

    /// What an adapter was trained beside.
    package enum Base {
        case files(ModelFiles)
        /// Weights of a run, by the SHA-256 of their file: what is exported of it says so, in whatever form.
        case checkpoint(sha256: String)
    }

    /// Of a whole model.
    package init(
        of sums: ModelSums, baseName: String? = nil, training: JSONValue? = nil, data: JSONValue? = nil
    ) {
        self.init(
            [
                .weights: sums.weights, .configuration: sums.configuration, .tokenizer: sums.tokenizer,
                .template: sums.template,
            ], baseName: baseName, training: training, data: data)
    }

    /// Of an adapter's folder.
    ///
    package init(
        ofAdapter path: String, base: Base, baseName: String?, training: JSONValue?, data: JSONValue?
    ) throws(WeightsError) {
        var parts = try Self.adapterParts(path, ContentSums())
        switch base {
        case .files(let files):
            let sums = try ModelSums(files)
            (parts[.base], parts[.tokenizer], parts[.template]) = (sums.base, sums.tokenizer, sums.template)
        case .checkpoint(let sha256): parts[.run] = sha256
        }
        self.init(parts, baseName: baseName, training: training, data: data)
    }

    /// Writes danlu-bundle.json.
    package func write(to folder: String) throws(WeightsError) {
        let file = try OutputFile(path: "\(folder)/\(Self.fileName)", operation: "write", replaces: true)
        let bytes: [UInt8] = Array((JSONValue.object(json).serialized(.pretty) + "\n").utf8)
        try file.write(bytes)
        _ = try file.finish()
    }

    static func adapterParts(_ path: String, _ contents: ContentSums) throws(WeightsError) -> [BundlePart: String] {
        let folder = ModelFolder(path: path)
        let weights = try folder.context(AdapterFolder.weights).map()
        let config = try folder.context(AdapterFolder.configuration).map()
        return [
            .adapter: contents.sum(of: [folder.path(AdapterFolder.weights)]) {
                weights.withUnsafeBytes { (bytes) in
                    var hash = SHA256()
                    hash.update(bufferPointer: bytes)
                    return hash.finalize().hex
                }
            }, .configuration: ModelSums.sum(config.copy()),
        ]
    }
}
