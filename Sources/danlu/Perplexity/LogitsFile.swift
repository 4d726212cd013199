import Foundation

/// Rows of logits in a file, for comparisons with other programs.
///
///     | "DLGT" | u32 version 1 | u32 rows | u32 columns | rows * columns float32 |      little-endian
package final class LogitsFile {
    private let handle: FileHandle
    private let path: String
    private let rows: Int
    private let columns: Int
    private var written = 0

    package init(path: String, rows: Int, columns: Int) throws {
        guard let rowCount = UInt32(exactly: rows), let columnCount = UInt32(exactly: columns) else {
            throw TerminalError.cannotWrite(path: path, reason: "\(rows) × \(columns)")
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw TerminalError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        (self.path, self.rows, self.columns) = (path, rows, columns)
        var header = Data("DLGT".utf8)
        for number in [1, rowCount, columnCount] {
            withUnsafeBytes(of: number.littleEndian) { header.append(contentsOf: $0) }
        }
        try write(header)
    }

    /// The next row.
    package func append(_ row: UnsafeBufferPointer<Float>) throws {
        precondition(row.count == columns && written < rows, "row \(written) with \(row.count) columns")
        written += 1
        // The machines that this runs on are little-endian.
        try write(Data(buffer: row))
    }

    package func close() throws {
        precondition(written == rows, "\(written) of \(rows) rows")
        do { try handle.close() } catch {
            throw TerminalError.cannotWrite(path: path, reason: error.localizedDescription)
        }
    }

    private func write(_ data: Data) throws {
        do { try handle.write(contentsOf: data) } catch {
            throw TerminalError.cannotWrite(path: path, reason: error.localizedDescription)
        }
    }
}
