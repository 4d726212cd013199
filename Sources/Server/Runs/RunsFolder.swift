import Foundation
import JSON

/// The training runs of a folder, as their files describe them (docs/DATA.md): nothing is asked of the program that
/// trains, and nothing is written.
struct RunsFolder: Sendable {
    let path: String
    let limits: ServerLimits

    /// A part of a log: whole lines.
    struct Part: Equatable, Sendable {
        var bytes: [UInt8]
        /// Where it began: where it was asked for, or 0 when the log is shorter than that.
        var from: Int
        /// Where the next part begins.
        var next: Int
    }

    /// All runs, by name; those that cannot be read are left out.
    func list() -> JSONValue {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        return .array(names.filter(Self.isPlain).prefix(limits.runsMax).compactMap(description))
    }

    private func description(_ name: String) -> JSONValue? {
        let file = "\(path)/\(name)/config.json"
        guard let bytes = read(file, from: 0, bytesMax: limits.runConfigurationBytesMax),
            let configuration = try? JSONValue(parsing: bytes)
        else { return nil }
        let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)/log.jsonl")
        return [
            "name": .string(name), "configuration": configuration, "bytes": .int(facts?[.size] as? Int ?? 0),
            "modified": .double((facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0),
        ]
    }

    /// The lines of a run's log from a byte on.
    ///
    /// - Parameter every: of lines about steps, those whose number is a multiple of it, so that a long log is not too
    ///   much for a page.
    /// - Throws: `APIError` when there is no such run.
    func log(_ name: String, from: Int, every: Int) throws(APIError) -> Part {
        guard Self.isPlain(name), FileManager.default.fileExists(atPath: "\(path)/\(name)/config.json") else {
            throw APIError(.notFound, "There is no run '\(name.prefix(100))'.", code: "not_found")
        }
        let file = "\(path)/\(name)/log.jsonl"
        let size = (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int ?? 0
        let start = from <= size ? from : 0
        var bytes = read(file, from: start, bytesMax: limits.runLogBytesMax) ?? []
        // The last line may not be whole yet.
        bytes.removeSubrange((bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)...)
        return Part(bytes: Self.thinned(bytes, every), from: start, next: start + bytes.count)
    }

    /// A name that can only mean something in the folder itself.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 255 && !name.contains("/") && !name.contains("\0")
    }

    private func read(_ file: String, from: Int, bytesMax: Int) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        guard (try? handle.seek(toOffset: UInt64(from))) != nil else { return nil }
        return (try? handle.read(upToCount: bytesMax)).map { Array($0) }
    }

    /// How lines about steps begin.
    private static let stepHead = Array(#"{"event":"step","step":"#.utf8)

    static func thinned(_ bytes: [UInt8], _ every: Int) -> [UInt8] {
        guard every > 1 else { return bytes }
        var kept: [UInt8] = []
        for line in bytes.split(separator: 0x0A) {
            if line.starts(with: stepHead) {
                let digits = line.dropFirst(stepHead.count).prefix(18).prefix { (0x30...0x39).contains($0) }
                let step = digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
                if step % every != 0 { continue }
            }
            kept += line
            kept.append(0x0A)
        }
        return kept
    }
}
