import Sorting

/// Hashes of a unit's documents, lines or paragraphs, sorted, in a file that exists only whole.
///
///     let writer = ExactDuplicateWriter(path: "runs/7.lines", unit: 7, scratch: "work")
///     try writer.add(hash: hash, index: line)
///     try writer.finish()
package final class ExactDuplicateWriter {
    static let kind = RunFile.Kind("EX")
    private let path: String
    private let unit: Int
    private let sorter: RecordSorter
    private let syncs: Bool

    /// - Parameters:
    ///   - scratch: an existing folder for what exceeds the memory.
    ///   - memoryBytesMax: for sorting.
    ///   - syncs: false for a file that a crash may lose.
    package init(
        path: String, unit: Int, scratch: String, memoryBytesMax: Int = 64 << 20, syncs: Bool = true
    ) {
        self.syncs = syncs
        self.path = path
        self.unit = unit
        sorter = RecordSorter(kind: Self.kind, scratch: scratch, memoryBytesMax: memoryBytesMax)
    }

    /// - Parameters:
    ///   - hash: from `DuplicateHash`.
    ///   - index: the text's number in the unit.
    package func add(hash: UInt64, index: Int) throws(SortingError) {
        guard index <= Int(Int32.max) else {
            throw .tooMany(operation: "find duplicates", limit: Int(Int32.max), unit: "texts in one file")
        }
        try sorter.add(SortRecord(key: hash, value: DocumentKey(unit: unit, index: index).packed))
    }

    /// Makes the file appear under its name.
    package func finish() throws(SortingError) { try sorter.write(to: path, syncs: syncs) }
}
