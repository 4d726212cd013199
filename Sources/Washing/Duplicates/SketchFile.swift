import Kernels
import Sorting

/// The sketches of a unit's documents, as they lie in the file.
struct SketchFile {
    private let path: String
    private let bytes: ByteView
    let count: Int

    init(path: String, tag: UInt64) throws(SortingError) {
        self.path = path
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch {
            throw .cannot(operation: "read", path: path, reason: error.description)
        }
        bytes = file.bytes
        let header = NearDuplicateWriter.headerBytes
        guard bytes.count >= header, bytes[0..<8].copy() == NearDuplicateWriter.sketchMagic else {
            throw .damaged(path: path, field: "the beginning", expected: "DLSKET1", actual: "something else")
        }
        guard bytes.load(at: 8, as: UInt64.self) == tag else {
            throw .damaged(
                path: path, field: "settings", expected: String(tag, radix: 16),
                actual: String(bytes.load(at: 8, as: UInt64.self), radix: 16))
        }
        let room = (bytes.count - header) / NearDuplicateWriter.strideBytes
        guard bytes.load(at: 16, as: UInt64.self) == UInt64(room),
            bytes.count == header + room * NearDuplicateWriter.strideBytes
        else {
            throw .damaged(
                path: path, field: "size", expected: "\(bytes.load(at: 16, as: UInt64.self)) documents",
                actual: "\(bytes.count) bytes, room for \(room)")
        }
        count = room
    }

    /// The document's number in its unit.
    func index(_ place: Int) throws(SortingError) -> Int {
        let index = bytes.load(at: offset(place), as: UInt32.self)
        guard index <= UInt32(Int32.max) else {
            throw .damaged(path: path, field: "index \(place)", expected: "up to \(Int32.max)", actual: "\(index)")
        }
        return Int(index)
    }

    func matches(_ place: Int, _ other: SketchFile, _ otherPlace: Int) -> Int {
        let (a, b) = (offset(place) + 4, other.offset(otherPlace) + 4)
        return bytes[a..<a + MinHashSettings.sketchBytes].withUnsafeBytes { a in
            other.bytes[b..<b + MinHashSettings.sketchBytes].withUnsafeBytes { MinHasher.matches(a, $0) }
        }
    }

    private func offset(_ place: Int) -> Int {
        NearDuplicateWriter.headerBytes + place * NearDuplicateWriter.strideBytes
    }
}
