import Foundation

/// A folder of a test's own, gone when the test ends.
final class TemporaryFiles {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "danlu-instructions-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, _ name: String = "data.jsonl") throws -> String {
        try write(Array(text.utf8), name)
    }

    func write(_ bytes: [UInt8], _ name: String = "data.jsonl") throws -> String {
        let path = "\(folder)/\(name)"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }
}
