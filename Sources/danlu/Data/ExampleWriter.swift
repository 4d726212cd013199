import Foundation
import Instructions
import JSON

/// Writes examples in the one form, a line each; the file appears when it is whole.
final class ExampleWriter {
    private let path: String
    private let partial: String
    private let handle: FileHandle
    private var buffer = Data()
    private(set) var count = 0
    private static let bufferBytes = 1 << 20

    /// - Throws: `TerminalError.cannotWrite`, also for a file that is there and may not be replaced.
    init(path: String, overwrite: Bool) throws {
        guard overwrite || !FileManager.default.fileExists(atPath: path) else {
            throw TerminalError.cannotWrite(
                path: path,
                reason: Language.text(
                    zh: "文件已存在；换一个名字，或加上 --overwrite", en: "the file exists; choose another name, or say --overwrite"))
        }
        self.path = path
        partial = path + ".partial"
        guard FileManager.default.createFile(atPath: partial, contents: nil),
            let handle = FileHandle(forWritingAtPath: partial)
        else {
            throw TerminalError.cannotWrite(path: partial, reason: String(cString: strerror(errno)))
        }
        self.handle = handle
    }

    deinit { try? FileManager.default.removeItem(atPath: partial) }

    func write(_ example: InstructionExample) throws {
        buffer += Data((example.json.serialized() + "\n").utf8)
        count += 1
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Puts the file in its place.
    func finish() throws {
        try flush()
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw TerminalError.cannotWrite(path: partial, reason: error.localizedDescription)
        }
        guard rename(partial, path) == 0 else {
            throw TerminalError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private func flush() throws {
        do { try handle.write(contentsOf: buffer) } catch {
            throw TerminalError.cannotWrite(path: partial, reason: error.localizedDescription)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
