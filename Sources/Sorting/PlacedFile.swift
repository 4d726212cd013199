import Foundation

/// A file of known size whose parts several threads write; it exists only whole.
package final class PlacedFile: Sendable {
    package let path: String
    private let descriptor: Int32

    private var partPath: String { path + ".part" }

    package init(path: String, bytes: Int) throws(SortingError) {
        self.path = path
        descriptor = open(path + ".part", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0, ftruncate(descriptor, off_t(bytes)) == 0 else {
            throw .cannot(operation: "write", path: path, reason: WholeFile.lastError)
        }
    }

    /// Closes, and removes what was not finished.
    deinit {
        close(descriptor)
        unlink(partPath)
    }

    package func put(_ bytes: [UInt8], at offset: Int) throws(SortingError) {
        let isWritten = bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return true }
            var done = 0
            while done < bytes.count {
                let written = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return false }
                done += written
            }
            return true
        }
        guard isWritten else { throw .cannot(operation: "write", path: path, reason: WholeFile.lastError) }
    }

    /// Makes the file appear under its name.
    package func finish() throws(SortingError) {
        guard fsync(descriptor) == 0, rename(partPath, path) == 0 else {
            throw .cannot(operation: "write", path: path, reason: WholeFile.lastError)
        }
    }
}
