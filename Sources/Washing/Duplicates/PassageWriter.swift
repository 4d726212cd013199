import Sorting

/// The texts of a unit's documents for the search of repeated passages, in two files that exist only whole:
/// `PATH.text`, each text followed by a byte FF, which no text has, and `PATH.starts`, a run of (where it begins,
/// document).
package final class PassageWriter {
    static let kind = RunFile.Kind("PS")
    static let separator: UInt8 = 0xff
    private let unit: Int
    private let text: WholeFile
    private let starts: RunWriter

    /// - Parameter syncs: false for files that a crash may lose.
    package init(path: String, unit: Int, syncs: Bool = true) throws(SortingError) {
        self.unit = unit
        text = try WholeFile(path: path + ".text", syncs: syncs)
        starts = try RunWriter(path: path + ".starts", kind: Self.kind, syncs: syncs)
    }

    /// - Parameters:
    ///   - document: UTF-8.
    ///   - index: the document's number in the unit.
    package func add(_ document: UnsafeBufferPointer<UInt8>, index: Int) throws(SortingError) {
        try starts.append(SortRecord(key: UInt64(text.count), value: DocumentKey(unit: unit, index: index).packed))
        try text.write(UnsafeRawBufferPointer(document))
        try text.write([Self.separator])
    }

    /// Makes the files appear under their names.
    package func finish() throws(SortingError) {
        try text.finish()
        try starts.finish()
    }
}
