import Crypto
import Foundation
import Weights

/// Files that survive a crash: written beside, synced, renamed.
enum Files {
    /// Replaces a small file: at any moment it has its old or its new content.
    static func replace(_ path: String, with bytes: [UInt8]) throws(TrainingError) {
        try writing { () throws(WeightsError) in
            let file = try OutputFile(path: path, operation: "write", replaces: true)
            try file.write(bytes)
            _ = try file.finish()
        }
    }

    /// A new file that is hashed while it is written.
    static func output(_ path: String) throws(TrainingError) -> OutputFile {
        try writing { () throws(WeightsError) in try OutputFile(path: path, operation: "write", hashes: true) }
    }

    /// Errors of a writer as errors of this target.
    static func writing<Value>(_ body: () throws(WeightsError) -> Value) throws(TrainingError) -> Value {
        do { return try body() } catch { throw .weights(error) }
    }

    static func replace(_ path: String, withJSON value: some Encodable) throws(TrainingError) {
        try replace(path, with: try json(value))
    }

    static func json(_ value: some Encodable) throws(TrainingError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do { return Array(try encoder.encode(value)) + [0x0A] } catch {
            throw .file(operation: "encode", path: "\(type(of: value))", reason: "\(error)")
        }
    }

    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(TrainingError) -> Value {
        let bytes = try read(path, bytesMax: jsonBytesMax)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do { return try decoder.decode(type, from: Data(bytes)) } catch {
            throw .damaged(file: path, expected: "\(type) as JSON", actual: "\(error)")
        }
    }

    /// Manifests and states: a packer's buffer of a few hundred pieces takes some kilobytes.
    static let jsonBytesMax = 256 << 20

    static func read(_ path: String, bytesMax: Int) throws(TrainingError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .system("read", path) }
        let data: Data
        do { data = try handle.read(upToCount: bytesMax + 1) ?? Data() } catch {
            throw .file(operation: "read", path: path, reason: error.localizedDescription)
        }
        guard data.count <= bytesMax else {
            throw .damaged(file: path, expected: "at most \(bytesMax) bytes", actual: "more")
        }
        return Array(data)
    }

    /// Renames a file or folder and syncs the folder that holds it.
    static func move(_ path: String, to target: String) throws(TrainingError) {
        guard rename(path, target) == 0 else { throw .system("rename to \(target)", path) }
        try writing { () throws(WeightsError) in try OutputFile.syncFolder(of: target, operation: "rename") }
    }

    /// Gives a folder that is complete its name; one of that name stays until then.
    static func install(_ partial: String, as path: String) throws(TrainingError) {
        guard exists(path) else { return try move(partial, to: path) }
        let old = path + ".replaced"
        remove(old)
        try move(path, to: old)
        do { try move(partial, to: path) } catch {
            try move(old, to: path)
            throw error
        }
        remove(old)
    }

    static func makeFolder(_ path: String) throws(TrainingError) {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw .file(operation: "make the folder", path: path, reason: error.localizedDescription)
        }
    }

    /// Removes a file or folder; none is fine.
    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Size and SHA-256 of a file, read in pieces.
    static func sum(_ path: String) throws(TrainingError) -> FileSum {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("read", path) }
        defer { close(descriptor) }
        var hash = SHA256()
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", path) }
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            total += count
        }
        return FileSum(bytes: total, sha256: hash.finalize().hex)
    }

    static func sha256(_ bytes: some Collection<UInt8>) -> String { SHA256.hash(data: Array(bytes)).hex }
}
