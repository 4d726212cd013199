/// The lines of a file, plain, gzip or Zstandard, without their ends. Not thread-safe.
package final class LineReader {
    private let bytes: any ByteSource
    private let lineBytesMax: Int
    private let cutsLines: Bool
    private var finished = 0
    private var piece: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Of the line that was read last, from 1.
    package private(set) var number = 0
    /// Bytes before the line that was read last.
    private(set) var offset = 0
    private var taken = 0
    /// Whether the line that was read last goes on with the next one.
    private(set) var isCut = false
    /// Whether the line that was read last is longer than the limit; it is empty then.
    package private(set) var isTooLong = false
    /// Bytes read from disk.
    package var bytesRead: Int { bytes.bytesRead }

    /// - Parameter cutsLines: whether a line that is too long is given in parts, each of whole scalars.
    package convenience init(path: String, lineBytesMax: Int, cutsLines: Bool = false) throws(CorpusError) {
        let file = try FileBytes(path: path)
        let name = path.lowercased()
        let bytes: any ByteSource =
            if name.hasSuffix(".gz") {
                try GzipBytes(file, path: path)
            } else if name.hasSuffix(".zst") {
                try ZstdBytes(file, path: path)
            } else {
                file
            }
        self.init(bytes, lineBytesMax: lineBytesMax, cutsLines: cutsLines)
    }

    init(_ bytes: any ByteSource, lineBytesMax: Int, cutsLines: Bool = false) {
        self.bytes = bytes
        self.lineBytesMax = lineBytesMax
        self.cutsLines = cutsLines
    }

    /// Nil after the last line. A last line need not have an end.
    package func next() throws(CorpusError) -> [UInt8]? {
        var line: [UInt8] = []
        var hasAny = false
        (isTooLong, isCut, number, offset) = (false, false, finished + 1, taken)
        while true {
            if position == piece.count {
                guard !isAtEnd, let more = try bytes.next() else {
                    isAtEnd = true
                    return hasAny ? line : nil
                }
                (piece, position) = (more, 0)
                continue
            }
            hasAny = true
            let end = piece[position...].firstIndex(of: 0x0A)
            if cutsLines, (end ?? piece.count) - position > lineBytesMax - line.count {
                cut(&line)
                taken = offset + line.count
                return line
            }
            append(piece[position..<(end ?? piece.count)], to: &line)
            let next = end.map { $0 + 1 } ?? piece.count
            taken += next - position
            position = next
            if end != nil {
                finished += 1
                return line
            }
        }
    }

    /// Fills a line up to the limit with what is at hand, and gives back the scalar that the limit parts.
    private func cut(_ line: inout [UInt8]) {
        isCut = true
        let end = position + max(0, lineBytesMax - line.count)
        line += piece[position..<end]
        // What follows is a continuation: the scalar began before, at most three bytes ago.
        var kept = line.count
        if piece[end] & 0xC0 == 0x80 {
            while kept > 0, line.count - kept < 3, line[kept - 1] & 0xC0 == 0x80 { kept -= 1 }
            if kept > 0 { kept -= 1 }
            if kept == 0 || line[kept] & 0xC0 != 0xC0 { kept = line.count }
        }
        piece = Array(line[kept...] + piece[end...])
        position = 0
        line.removeSubrange(kept...)
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
