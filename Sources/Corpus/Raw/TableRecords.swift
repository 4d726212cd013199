/// Rows of a table, `.csv` as RFC 4180 has it and `.tsv`: one column is the text, others say what is known of it.
///
/// The column is the one that is named, else the one whose name is usual for text, else the longest of the first rows.
final class TableRecords: RecordSource {
    private let rows: RowReader
    private let limits: CorpusLimits
    private let columns: TableColumns
    /// Rows that were read to find the column, given first.
    private var first: ArraySlice<RowReader.Row>
    private static let rowsLookedAt = 50

    init(_ bytes: PeekedBytes, _ limits: CorpusLimits, _ options: RawOptions) throws(CorpusError) {
        let start = try bytes.peek()
        let encoding = start.withUnsafeBufferPointer {
            options.encoding.flatMap(TextEncoding.init(label:)) ?? EncodingDetector.detect($0)
        }
        let decoder = encoding == .utf8 ? nil : TextDecoder(encoding)
        let isWide = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
        let separator = isWide ? UInt8(ascii: "\t") : RowReader.separator(start)
        rows = RowReader(decoder.map { DecodedBytes(bytes, $0) } ?? bytes, separator: separator, limits)
        self.limits = limits
        var rowsRead: [RowReader.Row] = []
        while rowsRead.count < Self.rowsLookedAt, let row = try rows.next() { rowsRead.append(row) }
        columns = TableColumns(rowsRead.map(\.cells), options.textField)
        first = rowsRead[...].dropFirst(columns.hasHead ? 1 : 0)
    }

    var bytesRead: Int { rows.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        while true {
            var next = first.popFirst()
            if next == nil { next = try rows.next() }
            guard let row = next else { return nil }
            let place = "line \(row.line)"
            if row.isTooLong {
                faults.note(place, "a row longer than \(limits.lineBytesMax) bytes")
                continue
            }
            guard let text = columns.text(row.cells) else {
                faults.note(place, "\(row.cells.count) cells, none of them the text")
                continue
            }
            let (mended, broken) = LineRepair.mend(text)
            if broken > 0 { faults.note(place, "\(broken) bytes are not UTF-8; each became U+FFFD") }
            if mended.contains(where: { $0 > 0x20 }) {
                return RawDocument(bytes: mended, place: place, metadata: columns.metadata(row.cells, limits))
            }
        }
    }
}
