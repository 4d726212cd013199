import Sorting

/// Signatures of a unit's documents, in two files that exist only whole: `PATH.bands`, a run of (band, document), and
/// `PATH.sketches`.
///
///     sketches: offset 0   "DLSKET1\n", tag of the settings (8 bytes), number of documents (8 bytes)
///               offset 24  of each document, in order: its index (4 bytes, little-endian), its sketch (128 bytes)
///
/// In `PATH.bands` a document is named by its place among the sketches.
package final class NearDuplicateWriter {
    static let kind = RunFile.Kind("BA")
    static let sketchMagic = Array("DLSKET1\n".utf8)
    static let headerBytes = 24
    static let strideBytes = 4 + MinHashSettings.sketchBytes

    private let path: String
    private let unit: Int
    private let tag: UInt64
    private let sorter: RecordSorter
    private let sketches: WholeFile
    private var count = 0
    private var last = -1
    private let syncs: Bool

    /// - Parameters:
    ///   - scratch: an existing folder for what exceeds the memory.
    ///   - memoryBytesMax: for sorting.
    ///   - syncs: false for files that a crash may lose.
    package init(
        path: String, unit: Int, settings: MinHashSettings, scratch: String, memoryBytesMax: Int = 64 << 20,
        syncs: Bool = true
    ) throws(SortingError) {
        self.path = path
        self.unit = unit
        self.syncs = syncs
        tag = settings.tag
        sorter = RecordSorter(kind: Self.kind, scratch: scratch, memoryBytesMax: memoryBytesMax)
        sketches = try WholeFile(path: path + ".sketches", syncs: syncs)
        try sketches.write(Self.header(tag, 0))
    }

    /// Takes the signature of the text that `hasher` signed last.
    ///
    /// - Parameter index: higher than the one before.
    package func add(_ hasher: MinHasher, index: Int) throws(SortingError) {
        precondition(index > last, "documents of a unit ascend")
        guard index <= Int(Int32.max) else {
            throw .tooMany(operation: "find near duplicates", limit: Int(Int32.max), unit: "documents in one file")
        }
        let value = DocumentKey(unit: unit, index: count).packed
        try sorter.add(keys: hasher.bands, value: value)
        let little = UInt32(index).littleEndian
        try withUnsafeBytes(of: little) { (bytes) throws(SortingError) in try sketches.write(bytes) }
        try sketches.write(hasher.sketch)
        count += 1
        last = index
    }

    /// Makes the files appear under their names.
    package func finish() throws(SortingError) {
        try sketches.replace(Self.header(tag, count), at: 0)
        try sketches.finish()
        try sorter.write(to: path + ".bands", tag: tag, syncs: syncs)
    }

    static func header(_ tag: UInt64, _ count: Int) -> [UInt8] {
        sketchMagic + [tag, UInt64(count)].flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 255) } }
    }
}
