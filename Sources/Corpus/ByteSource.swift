import Foundation

/// Pieces of bytes, one after another.
protocol ByteSource: AnyObject {
    /// Nil at the end; never empty.
    func next() throws(CorpusError) -> [UInt8]?
    /// Bytes taken from disk so far.
    var bytesRead: Int { get }
}

/// A file's bytes.
final class FileBytes: ByteSource {
    private let descriptor: Int32
    private let path: String
    private static let pieceBytes = 1 << 20
    private(set) var bytesRead = 0

    init(path: String) throws(CorpusError) {
        self.path = path
        // A pipe without a writer must be an error, not wait for one.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    func next() throws(CorpusError) -> [UInt8]? {
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, used in
            repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
            used = max(0, count)
        }
        guard count >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
        bytesRead += count
        return count == 0 ? nil : piece
    }
}
