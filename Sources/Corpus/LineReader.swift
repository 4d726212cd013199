/// The lines of a file, plain or gzip, without their ends. Not thread-safe.
package final class LineReader {
    private let bytes: any ByteSource
    private let lineBytesMax: Int
    private var piece: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Of the line that was read last, from 1.
    package private(set) var number = 0
    /// Whether the line that was read last is longer than the limit; it is empty then.
    package private(set) var isTooLong = false
    /// Bytes read from disk.
    package var bytesRead: Int { bytes.bytesRead }

    package init(path: String, lineBytesMax: Int) throws(CorpusError) {
        let file = try FileBytes(path: path)
        bytes = path.lowercased().hasSuffix(".gz") ? try GzipBytes(file, path: path) : file
        self.lineBytesMax = lineBytesMax
    }

    /// Nil after the last line. A last line need not have an end.
    package func next() throws(CorpusError) -> [UInt8]? {
        var line: [UInt8] = []
        var hasAny = false
        isTooLong = false
        while true {
            if position == piece.count {
                guard !isAtEnd, let more = try bytes.next() else {
                    isAtEnd = true
                    guard hasAny else { return nil }
                    number += 1
                    return line
                }
                (piece, position) = (more, 0)
                continue
            }
            hasAny = true
            let end = piece[position...].firstIndex(of: 0x0A)
            append(piece[position..<(end ?? piece.count)], to: &line)
            position = end.map { $0 + 1 } ?? piece.count
            if end != nil {
                number += 1
                return line
            }
        }
    }

    private func append(_ part: ArraySlice<UInt8>, to line: inout [UInt8]) {
        guard !isTooLong, part.count <= lineBytesMax - line.count else {
            isTooLong = true
            line = []
            return
        }
        line += part
    }
}
