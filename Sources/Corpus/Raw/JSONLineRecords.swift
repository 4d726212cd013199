/// An object a line.
final class JSONLineRecords: RecordSource {
    private let lines: LineReader
    private let record: JSONRecord
    private let limits: CorpusLimits
    private let range: Range<Int>?
    /// Where in the file the reader's bytes begin.
    private let base: Int
    private var isDone = false

    /// - Parameter range: of the file, where only a stretch of it is read; `bytes` then begin one byte before it, so
    ///   that the line that the stretch begins within can be left to the one before.
    init(
        _ bytes: PeekedBytes, range: Range<Int>?, _ limits: CorpusLimits, _ options: RawOptions
    ) throws(CorpusError) {
        let encoding = try bytes.peek().withUnsafeBufferPointer {
            options.encoding.flatMap(TextEncoding.init(label:)) ?? EncodingDetector.detect($0)
        }
        // Lines that are not sound are mended one by one; UTF-16 has line ends of its own.
        let isWide = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
        let decoder = isWide || options.encoding != nil && encoding != .utf8 ? TextDecoder(encoding) : nil
        lines = LineReader(decoder.map { DecodedBytes(bytes, $0) } ?? bytes, lineBytesMax: limits.lineBytesMax)
        record = JSONRecord(options, limits)
        self.limits = limits
        self.range = range
        base = max(0, (range?.lowerBound ?? 0) - 1)
        if let range, range.lowerBound > 0 { isDone = try lines.next() == nil }
    }

    var bytesRead: Int { lines.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        while !isDone {
            guard let line = try lines.next(), range.map({ base + lines.offset < $0.upperBound }) ?? true else { break }
            let place = range == nil ? "line \(lines.number)" : "byte \(base + lines.offset)"
            if lines.isTooLong {
                faults.note(place, "longer than \(limits.lineBytesMax) bytes")
                continue
            }
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            switch line.withUnsafeBufferPointer({ record.document($0, place: place) }) {
            case .success(let document): return document
            case .failure(let fault):
                let field = fault.field.isEmpty ? "" : "field “\(fault.field)”: "
                faults.note(place, field + fault.reason)
            }
        }
        isDone = true
        return nil
    }
}
