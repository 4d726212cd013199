import Foundation

/// Reads a run from its beginning; holds one buffer, not the file.
package final class RunReader {
    package let path: String
    /// Records in the file.
    package let count: Int
    /// The record at hand; nil after the last.
    package private(set) var current: SortRecord?

    private let descriptor: Int32
    private let header: RunFile.Header
    private var buffer: [UInt8]
    private var used = 0
    private var filled = 0
    private var taken = 0
    private var sum: UInt64 = 0

    /// - Parameter bufferBytes: of memory that the reader keeps.
    package init(
        path: String, kind: RunFile.Kind, tag: UInt64 = 0, bufferBytes: Int = 1 << 16
    ) throws(SortingError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannot(operation: "read", path: path, reason: WholeFile.lastError) }
        do throws(SortingError) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else {
                throw .cannot(operation: "read", path: path, reason: WholeFile.lastError)
            }
            var bytes = [UInt8](repeating: 0, count: RunFile.headerBytes)
            guard read(descriptor, &bytes, bytes.count) == bytes.count else {
                throw .damaged(
                    path: path, field: "size", expected: "at least \(bytes.count) bytes", actual: "\(status.st_size)")
            }
            header = try RunFile.header(bytes, path: path, kind: kind, tag: tag, fileBytes: Int(status.st_size))
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        count = Int(header.count)
        buffer = [UInt8](repeating: 0, count: max(1, bufferBytes / SortRecord.bytes) * SortRecord.bytes)
        try advance()
    }

    deinit { close(descriptor) }

    /// Goes to the next record.
    ///
    /// - Throws: `SortingError.damaged` where records do not ascend or, at the end, differ from what was written.
    package func advance() throws(SortingError) {
        guard taken < count else {
            guard sum == header.sum else {
                throw .damaged(path: path, field: "checksum", expected: "\(header.sum)", actual: "\(sum)")
            }
            current = nil
            return
        }
        if used == filled { try fill() }
        let record = buffer.withUnsafeBytes { bytes in
            SortRecord(
                key: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: used, as: UInt64.self)),
                value: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: used + 8, as: UInt64.self)))
        }
        if let current, record < current {
            throw .damaged(path: path, field: "record \(taken)", expected: "ascending order", actual: "a lower one")
        }
        used += SortRecord.bytes
        taken += 1
        sum = RunFile.step(sum, record)
        current = record
    }

    private func fill() throws(SortingError) {
        (used, filled) = (0, 0)
        let wanted = min(buffer.count, (count - taken) * SortRecord.bytes)
        while filled < wanted {
            let got = buffer.withUnsafeMutableBytes { bytes in
                read(descriptor, bytes.baseAddress.map { $0 + filled }, wanted - filled)
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else {
                throw .damaged(
                    path: path, field: "size", expected: "\(count) records", actual: "an end before the last")
            }
            filled += got
        }
    }
}
