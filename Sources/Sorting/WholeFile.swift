import Foundation

/// A file that exists only whole: written beside, synced, renamed.
///
///     let file = try WholeFile(path: "runs/7.near")
///     try file.write(bytes)
///     try file.finish()               // from here on runs/7.near is there
///
/// Without `finish` nothing is left behind, unless the process is killed: then a file ending in `.part` is, which the
/// next writer of the same path overwrites.
package final class WholeFile {
    package let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true
    private let syncs: Bool
    /// Bytes written so far.
    package private(set) var count = 0

    private static let bufferBytes = 1 << 18
    private var partPath: String { path + ".part" }

    /// - Parameter syncs: false for what a crash may lose.
    package init(path: String, syncs: Bool = true) throws(SortingError) {
        self.path = path
        self.syncs = syncs
        descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannot(operation: "write", path: path, reason: Self.lastError) }
        buffer.reserveCapacity(Self.bufferBytes)
    }

    deinit {
        guard isOpen else { return }
        close(descriptor)
        unlink(partPath)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(SortingError) {
        guard add(bytes) else { throw failure() }
    }

    package func write(_ bytes: [UInt8]) throws(SortingError) {
        guard bytes.withUnsafeBytes(add) else { throw failure() }
    }

    /// Replaces bytes that were written, as a header once its numbers are known.
    package func replace(_ bytes: [UInt8], at offset: Int) throws(SortingError) {
        precondition(offset >= 0 && offset + bytes.count <= count, "replaces bytes that were written")
        guard flush(), bytes.withUnsafeBytes({ put($0, at: offset) }) else { throw failure() }
    }

    /// Makes the file appear under its name.
    package func finish() throws(SortingError) {
        precondition(isOpen, "\(path) is finished once")
        guard flush(), !syncs || fsync(descriptor) == 0 else { throw failure() }
        isOpen = false
        guard close(descriptor) == 0, rename(partPath, path) == 0 else {
            let error = failure()
            unlink(partPath)
            throw error
        }
    }

    private func add(_ bytes: UnsafeRawBufferPointer) -> Bool {
        count += bytes.count
        if buffer.count + bytes.count > Self.bufferBytes, !flush() { return false }
        if bytes.count >= Self.bufferBytes { return put(bytes, at: nil) }
        buffer.append(contentsOf: bytes)
        return true
    }

    private func flush() -> Bool {
        let isWritten = buffer.withUnsafeBytes { put($0, at: nil) }
        buffer.removeAll(keepingCapacity: true)
        return isWritten
    }

    private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int?) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        var done = 0
        while done < bytes.count {
            let (from, left) = (base + done, bytes.count - done)
            let written =
                offset.map { pwrite(descriptor, from, left, off_t($0 + done)) }
                ?? Foundation.write(descriptor, from, left)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            done += written
        }
        return true
    }

    private func failure() -> SortingError { .cannot(operation: "write", path: path, reason: Self.lastError) }

    static var lastError: String { String(cString: strerror(errno)) }
}
