import Foundation
import JSON
import Synchronization

/// Hashes of large files that were read through once. A file is taken for the same while device, inode, size and both
/// times (of its content and of its entry, to the nanosecond) are: no program can set the latter.
///
///     let sums = ContentSums(path: "\(home)/sums.json")
///     sums.sum(of: ["model.gguf"]) { readAndHash() }       // reads; the next time it does not
///
/// What cannot be read or written is computed again and costs nothing but time.
public final class ContentSums: Sendable {
    private struct Entry {
        var stamp: String
        var sha256: String
    }

    private let path: String?
    private let now: @Sendable () -> Double
    private let entries: Mutex<[String: Entry]?> = Mutex(nil)

    private static let entriesMax = 256
    private static let fileBytesMax = 1 << 20

    /// - Parameters:
    ///   - path: where hashes are remembered; nil: for as long as this lives.
    ///   - now: seconds since 1970.
    public init(path: String? = nil, now: @escaping @Sendable () -> Double = { Date.now.timeIntervalSince1970 }) {
        (self.path, self.now) = (path, now)
    }

    /// The hash of some files together.
    ///
    /// - Parameter compute: reads them through; called with no lock held.
    public func sum(of paths: [String], compute: () -> String) -> String {
        // Times have a grain: what was written just now may be written once more within it.
        guard let before = stamp(paths) else { return compute() }
        let name = paths.map { URL(filePath: $0).standardizedFileURL.path }.joined(separator: "\n")
        if let known = entries.withLock({ loaded(&$0)[name] }), known.stamp == before.text { return known.sha256 }
        let sha256 = compute()
        guard !before.isFresh, stamp(paths)?.text == before.text else { return sha256 }
        entries.withLock { state in
            var all = loaded(&state)
            if all.count >= Self.entriesMax { all.removeAll() }
            all[name] = Entry(stamp: before.text, sha256: sha256)
            state = all
            save(all)
        }
        return sha256
    }

    private func loaded(_ state: inout [String: Entry]?) -> [String: Entry] {
        if let state { return state }
        var all: [String: Entry] = [:]
        if let path, let data = FileManager.default.contents(atPath: path), data.count <= Self.fileBytesMax,
            let object = (try? JSONValue(parsing: data))?.object
        {
            for (name, value) in object {
                if let stamp = value["stamp"]?.string, let sha256 = value["sha256"]?.string {
                    all[name] = Entry(stamp: stamp, sha256: sha256)
                }
            }
        }
        state = all
        return all
    }

    private func save(_ all: [String: Entry]) {
        guard let path else { return }
        let object = JSONObject(
            all.sorted { $0.key < $1.key }.map {
                (key: $0.key, value: ["stamp": .string($0.value.stamp), "sha256": .string($0.value.sha256)])
            })
        let folder = URL(filePath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let file = try? OutputFile(path: path, operation: "write", replaces: true) else { return }
        guard (try? file.write(Array(JSONValue.object(object).serialized(.pretty).utf8))) != nil else { return }
        _ = try? file.finish()
    }

    private static let freshSeconds = 2.0

    /// Nil when a file cannot be looked at.
    private func stamp(_ paths: [String]) -> (text: String, isFresh: Bool)? {
        var text = ""
        var isFresh = false
        let now = now()
        for path in paths {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            #if os(Linux)
                let (content, entry) = (facts.st_mtim, facts.st_ctim)
            #else
                let (content, entry) = (facts.st_mtimespec, facts.st_ctimespec)
            #endif
            text += "\(facts.st_dev) \(facts.st_ino) \(facts.st_size) \(content.tv_sec).\(content.tv_nsec) "
            text += "\(entry.tv_sec).\(entry.tv_nsec)\n"
            if now - Double(entry.tv_sec) < Self.freshSeconds { isFresh = true }
        }
        return (text, isFresh)
    }
}
