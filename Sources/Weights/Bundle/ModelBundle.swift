import JSON

/// What a tuned model consists of, with a hash of each part: danlu-bundle.json beside an exported folder's files, or
/// the same text under a key of a GGUF file.
///
///     {"format": "danlu-bundle-1", "sha256": "…",
///      "parts": {"adapter": "…", "configuration": "…", "base": "…", "tokenizer": "…", …},
///      "base": "qwen2.5-0.5b-instruct.gguf", "training": {…}, "data": {…}}
///
/// Whoever opens the files compares (`check`): with another tokenizer, template or base a model gives wrong answers,
/// and nothing else would say why.
public struct ModelBundle: Equatable, Sendable {
    /// In hex. Not all parts: a model without a run has neither training nor data.
    public let parts: [BundlePart: String]
    /// What the base was called: for people.
    public let baseName: String?
    let training: JSONValue?
    let data: JSONValue?
    /// SHA-256 over the parts, as the file says it.
    let seal: String

    static let fileName = "danlu-bundle.json"
    /// Of a GGUF file.
    package static let key = "danlu.bundle"
    /// In files that were exported from a run: the SHA-256 of its weights' file.
    package static let originKey = "danlu.weights.sha256"
    private static let format = "danlu-bundle-1"

    /// - Parameters:
    ///   - parts: all but those of `training` and `data`.
    ///   - training: the run's settings.
    ///   - data: the manifest of what it learnt from.
    package init(
        _ parts: [BundlePart: String], baseName: String? = nil, training: JSONValue? = nil, data: JSONValue? = nil
    ) {
        var parts = parts
        parts[.training] = training.map(Self.sum)
        parts[.data] = data.map(Self.sum)
        (self.parts, self.baseName, self.training, self.data) = (parts, baseName, training, data)
        seal = Self.seal(parts)
    }

    /// Where the base lay when the run began; nil for a run's weights, which are no model's files.
    public var basePath: String? { parts[.base].flatMap { _ in training?["base"]?["path"]?.string } }

    /// A hash that is another one when any part is.
    public var sha256: String { seal }

    static func seal(_ parts: [BundlePart: String]) -> String {
        let lines = BundlePart.allCases.compactMap { part in parts[part].map { "\(part.rawValue) \($0)\n" } }
        return ModelSums.sum(Array(lines.joined().utf8))
    }

    static func sum(_ value: JSONValue) -> String {
        ModelSums.sum(Array(value.serialized(.init(sortsKeys: true)).utf8))
    }

    package var json: JSONObject {
        let hashes = BundlePart.allCases.compactMap { part in
            parts[part].map { (key: part.rawValue, value: JSONValue.string($0)) }
        }
        var object: JSONObject = [
            "format": .string(Self.format), "sha256": .string(seal), "parts": .object(JSONObject(hashes)),
        ]
        object["base"] = baseName.map { .string($0) }
        (object["training"], object["data"]) = (training, data)
        return object
    }

    init(_ value: JSONValue, _ context: FileContext) throws(WeightsError) {
        guard value["format"]?.string == Self.format else {
            throw context.unsupported(
                "format", expected: shown(Self.format), actual: value["format"]?.string.map { shown($0) } ?? "none",
                hint: "a newer Danlu may have written it")
        }
        var parts: [BundlePart: String] = [:]
        for (name, hash) in value["parts"]?.object ?? JSONObject() {
            guard let part = BundlePart(rawValue: name), let hash = hash.string else {
                throw context.malformed(
                    "parts, \(shown(name))", expected: "a hash of a known part", actual: "another value")
            }
            parts[part] = hash
        }
        guard let seal = value["sha256"]?.string, !parts.isEmpty else {
            throw context.malformed("sha256, parts", expected: "hashes", actual: "none")
        }
        (self.parts, self.seal) = (parts, seal)
        (training, data, baseName) = (value["training"], value["data"], value["base"]?.string)
    }
}
