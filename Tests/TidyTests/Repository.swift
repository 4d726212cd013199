import Foundation

/// The files of this checkout, found from where this source file lies.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File: CustomStringConvertible {
        /// From the root: `"Sources/JSON/JSONValue.swift"`.
        let path: String
        let lines: [Substring]

        var description: String { path }
        /// The folder under Sources or Tests.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    /// The text files under `folder` with one of these endings, in order of their paths.
    static func files(_ folder: String, _ endings: Set<String>) -> [File] {
        let base = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return names.filter { endings.contains(($0 as NSString).pathExtension) && !$0.contains(".build") }.sorted()
            .compactMap { name in
                guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else {
                    return nil
                }
                let path = folder == "." ? name : "\(folder)/\(name)"
                return File(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
    }
}
