import Foundation

/// Where a model can come from, as people and the catalogue write it.
public enum Source: Sendable, Hashable, CustomStringConvertible {
    case huggingFace(repository: String, file: String?)
    case modelScope(repository: String, file: String?)
    /// Wheels whose members are joined in order.
    case packages([PackagePart])
    case url(URL)
    case path(String)

    /// One wheel: `package==version[:member]`; a member may hold one or more `*`, and without one the largest is meant.
    public struct PackagePart: Sendable, Hashable, CustomStringConvertible {
        public let package: String
        public let version: String
        public let member: String?

        public var description: String { "\(package)==\(version)" + (member.map { ":\($0)" } ?? "") }
    }

    /// Reads `hf:…`, `modelscope:…`, `pypi:…` or an http(s) URL; `nil` for anything else (a name or a path).
    public init?(parsing text: String) throws(HubError) {
        if let rest = text.removingPrefix("hf:") {
            let (repository, file) = try Self.repository(rest, text)
            self = .huggingFace(repository: repository, file: file)
        } else if let rest = text.removingPrefix("modelscope:") {
            let (repository, file) = try Self.repository(rest, text)
            self = .modelScope(repository: repository, file: file)
        } else if let rest = text.removingPrefix("pypi:") {
            self = .packages(try Self.packages(rest, text))
        } else if text.hasPrefix("http://") || text.hasPrefix("https://") {
            guard let url = URL(string: text), let host = url.host, !host.isEmpty else {
                throw .invalidReference(text, reason: "the URL cannot be read")
            }
            self = .url(url)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .huggingFace(let repository, let file): "hf:\(repository)" + (file.map { ":\($0)" } ?? "")
        case .modelScope(let repository, let file): "modelscope:\(repository)" + (file.map { ":\($0)" } ?? "")
        case .packages(let parts): "pypi:" + parts.map(\.description).joined(separator: ",")
        case .url(let url): HTTPClient.withoutSecrets(url)
        case .path(let path): path
        }
    }

    /// A short form for one line of progress.
    public var brief: String {
        if case .packages(let parts) = self, let first = parts.first, parts.count > 1 {
            return "pypi:\(first.package)==\(first.version) … (\(parts.count))"
        }
        return description
    }

    private static func repository(_ text: String, _ whole: String) throws(HubError) -> (String, String?) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2 else { throw .invalidReference(whole, reason: "owner/repo is expected") }
        for name in names { _ = try ModelName(String(name)) }
        guard halves.count == 2 else { return (halves[0], nil) }
        return (halves[0], try SafePath.check(halves[1]))
    }

    private static func packages(_ text: String, _ whole: String) throws(HubError) -> [PackagePart] {
        var parts: [PackagePart] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let pin = (halves.first ?? "").components(separatedBy: "==")
            guard pin.count == 2, pin[1] != "" else {
                throw .invalidReference(
                    whole, reason: "package==version is expected: nobody vouches for other versions")
            }
            _ = try ModelName(pin[0])
            _ = try ModelName(pin[1])
            let member = halves.count == 2 ? try SafePath.check(halves[1]) : nil
            parts.append(PackagePart(package: pin[0], version: pin[1], member: member))
        }
        guard parts.count <= 1000 else { throw .invalidReference(whole, reason: "more than 1000 packages") }
        return parts
    }
}

extension String {
    func removingPrefix(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
