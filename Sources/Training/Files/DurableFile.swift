import Crypto
import Foundation

/// A new file that is written from its start to its end, hashed on the way and synced before it is closed.
final class DurableFile {
    /// A file's size and content, as manifests hold them.
    struct Sum: Codable, Equatable, Sendable {
        var bytes: Int
        /// In hex.
        var sha256: String
    }

    private let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private var pending: [UInt8] = []
    private var byteCount = 0
    private static let pendingBytesMax = 1 << 20

    init(path: String) throws(TrainingError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("write", path) }
    }

    deinit { close(descriptor) }

    /// - Throws: `TrainingError.file`, for instance when the disk is full.
    func write(_ bytes: some Collection<UInt8>) throws(TrainingError) {
        pending += bytes
        if pending.count >= Self.pendingBytesMax { try flush() }
    }

    private func flush() throws(TrainingError) {
        hash.update(data: pending)
        try Files.write(pending, to: descriptor, path: path)
        byteCount += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// Writes what is left and syncs the file.
    func finish() throws(TrainingError) -> Sum {
        try flush()
        guard fsync(descriptor) == 0 else { throw .system("sync", path) }
        return Sum(bytes: byteCount, sha256: Files.hex(hash.finalize()))
    }
}
