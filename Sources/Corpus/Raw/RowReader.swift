/// Parts a table into rows and cells; a cell in quotation marks may hold line ends.
final class RowReader {
    struct Row {
        var cells: [[UInt8]]
        /// On which it begins, from 1.
        var line: Int
        var isTooLong = false
    }

    private let bytes: any ByteSource
    private let separator: UInt8
    private let limits: CorpusLimits
    private var piece: [UInt8] = []
    private var position = 0
    private var line = 1
    /// Cells of one row; a broken quotation mark must not make a table one row.
    private static let cellsMax = 4096

    init(_ bytes: any ByteSource, separator: UInt8, _ limits: CorpusLimits) {
        self.bytes = bytes
        self.separator = separator
        self.limits = limits
    }

    var bytesRead: Int { bytes.bytesRead }

    /// The likeliest separator: the one of which the first line has most.
    static func separator(_ start: [UInt8]) -> UInt8 {
        let line = start.prefix { $0 != 0x0A }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|")]
        let counts = candidates.map { candidate in line.count { $0 == candidate } }
        let most = counts.max() ?? 0
        return most > 0 ? candidates[counts.firstIndex(of: most) ?? 0] : candidates[0]
    }

    private func nextByte() throws(CorpusError) -> UInt8? {
        if position == piece.count {
            guard let more = try bytes.next() else { return nil }
            (piece, position) = (more, 0)
        }
        position += 1
        return piece[position - 1]
    }

    private func peekByte() throws(CorpusError) -> UInt8? {
        guard let byte = try nextByte() else { return nil }
        position -= 1
        return byte
    }

    /// Nil after the last.
    func next() throws(CorpusError) -> Row? {
        var row = Row(cells: [[]], line: line)
        var (count, isQuoted, hasAny) = (0, false, false)
        while let byte = try nextByte() {
            hasAny = true
            if byte == 0x0A { line += 1 }
            count += 1
            if count > limits.lineBytesMax || row.cells.count > Self.cellsMax { row.isTooLong = true }
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else {
                    append(byte, &row)
                    continue
                }
                if try peekByte() == byte {
                    position += 1
                    append(byte, &row)
                } else {
                    isQuoted = false
                }
            } else if byte == UInt8(ascii: "\""), row.cells[row.cells.count - 1].isEmpty {
                isQuoted = true
            } else if byte == 0x0A {
                break
            } else if byte == separator {
                if !row.isTooLong { row.cells.append([]) }
            } else {
                append(byte, &row)
            }
        }
        if row.cells[row.cells.count - 1].last == 0x0D { row.cells[row.cells.count - 1].removeLast() }
        return hasAny ? row : nil
    }

    @inline(__always)
    private func append(_ byte: UInt8, _ row: inout Row) {
        guard !row.isTooLong else {
            if !row.cells[0].isEmpty || row.cells.count > 1 { row.cells = [[]] }
            return
        }
        row.cells[row.cells.count - 1].append(byte)
    }
}
