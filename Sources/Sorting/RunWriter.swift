/// Writes a run: records in ascending order, one after another.
package final class RunWriter {
    private let file: WholeFile
    private var header: RunFile.Header
    private var last: SortRecord?

    /// - Parameter syncs: false for what a crash may lose.
    package init(path: String, kind: RunFile.Kind, tag: UInt64 = 0, syncs: Bool = true) throws(SortingError) {
        header = RunFile.Header(kind: kind, tag: tag, count: 0, sum: 0)
        file = try WholeFile(path: path, syncs: syncs)
        try file.write(header.bytes)
    }

    package var count: Int { Int(header.count) }

    package func append(_ record: SortRecord) throws(SortingError) {
        precondition(last.map { $0 <= record } ?? true, "records of a run ascend")
        last = record
        header.count += 1
        header.sum = RunFile.step(header.sum, record)
        var stored = SortRecord(key: record.key.littleEndian, value: record.value.littleEndian)
        try withUnsafeBytes(of: &stored) { (bytes) throws(SortingError) in try file.write(bytes) }
    }

    /// Sorted records, all at once.
    func append(contentsOf records: UnsafeBufferPointer<SortRecord>) throws(SortingError) {
        #if _endian(little)
            // Checked and added up apart from the writer: a property is looked up at every use.
            var (before, sum) = (last, header.sum)
            for record in records {
                precondition(before.map { $0 <= record } ?? true, "records of a run ascend")
                before = record
                sum = RunFile.step(sum, record)
            }
            (last, header.sum) = (before, sum)
            header.count += UInt64(records.count)
            try file.write(UnsafeRawBufferPointer(records))
        #else
            for record in records { try append(record) }
        #endif
    }

    package func finish() throws(SortingError) {
        try file.replace(header.bytes, at: 0)
        try file.finish()
    }
}
