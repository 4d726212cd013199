import Crypto
import Foundation

/// A file being written through a buffer, hashed where it is asked for. Not thread-safe.
///
/// Dropped before `close`, by an error, it leaves what was written so far under its partial name: the next run
/// overwrites.
package final class FileWriter {
    package let path: String
    package private(set) var byteCount = 0
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var hash: SHA256?
    private var isClosed = false
    private static let bufferBytes = 1 << 18

    package init(path: String, hashes: Bool = false) throws(WashingError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        hash = hashes ? SHA256() : nil
        guard descriptor >= 0 else { throw WashingFiles.system("write", path) }
        buffer.reserveCapacity(Self.bufferBytes)
    }

    deinit { if !isClosed, descriptor >= 0 { Foundation.close(descriptor) } }

    package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(WashingError) {
        byteCount += bytes.count
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    package func write(_ bytes: [UInt8]) throws(WashingError) {
        try bytes.withUnsafeBufferPointer { (pointer) throws(WashingError) in try write(pointer) }
    }

    /// A number, little-endian.
    package func write(_ value: some FixedWidthInteger) throws(WashingError) {
        byteCount += value.bitWidth / 8
        withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Writes and syncs what is left. The SHA-256 in hex, where it was asked for, else nothing.
    @discardableResult
    package func close() throws(WashingError) -> String {
        try flush()
        isClosed = true
        let status = fsync(descriptor)
        defer { Foundation.close(descriptor) }
        guard status == 0 else { throw WashingFiles.system("write", path) }
        return hash.map { Hexadecimal.text($0.finalize()) } ?? ""
    }

    private func flush() throws(WashingError) {
        guard !buffer.isEmpty else { return }
        var failed = false
        buffer.withUnsafeBytes { bytes in
            hash?.update(bufferPointer: bytes)
            var left = bytes[...]
            while !left.isEmpty {
                let count = Foundation.write(descriptor, left.base.baseAddress.map { $0 + left.startIndex }, left.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    failed = true
                    return
                }
                left = left.dropFirst(count)
            }
        }
        guard !failed else { throw WashingFiles.system("write", path) }
        buffer.removeAll(keepingCapacity: true)
    }
}
