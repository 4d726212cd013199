import JSON
import Weights

/// What `danlu show` says of the bundle that a model or an adapter belongs to.
struct BundleSheet {
    private let bundle: ModelBundle?

    /// One that cannot be read is said when the model is used.
    init(_ bundle: ModelBundle?) { self.bundle = bundle }

    var rows: [(String, String)] {
        guard let bundle else { return [] }
        let parts = BundlePart.allCases.compactMap { part in
            bundle.parts[part].map { ("  \(part.rawValue)", "sha256 \($0)") }
        }
        return [(Language.text(zh: "包", en: "bundle"), "sha256 \(bundle.sha256)")] + parts
    }

    var json: JSONValue {
        guard let bundle else { return .null }
        let parts = BundlePart.allCases.compactMap { part in
            bundle.parts[part].map { (key: part.rawValue, value: JSONValue.string($0)) }
        }
        return ["sha256": .string(bundle.sha256), "parts": .object(JSONObject(parts))]
    }
}
