import Foundation

/// A file's bytes, or standard input's.
final class FileBytes: ByteSource {
    private let descriptor: Int32
    private let path: String
    private let pieceBytes: Int
    private static let pieceBytesMax = 1 << 20
    private(set) var bytesRead = 0
    /// What stands for standard input where a path is asked for.
    static let standardInput = "-"

    /// - Parameter offset: bytes at the beginning that are passed over.
    init(path: String, from offset: Int = 0) throws(CorpusError) {
        self.path = path
        // A pipe without a writer must be an error, not wait for one.
        descriptor =
            path == Self.standardInput
            ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            pieceBytes = 0
            throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
        }
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        // A small file needs a small buffer; one more byte finds its end without another read's worth of memory.
        let size = isKnown ? max(0, Int(status.st_size) - offset) : Self.pieceBytesMax
        pieceBytes = min(Self.pieceBytesMax, max(4096, size + 1))
        guard offset == 0 || lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
            throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func next() throws(CorpusError) -> [UInt8]? {
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, used in
            repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
            used = max(0, count)
        }
        guard count >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
        bytesRead += count
        return count == 0 ? nil : piece
    }
}
