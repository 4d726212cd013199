import Foundation
import Kernels
import Sorting

/// The texts of all units, one after another in one file, and which document each byte belongs to.
final class PassageText {
    let bytes: ByteView
    /// Of each document, in order: where it begins, and its key.
    private var starts: [(offset: Int, key: UInt64)] = []
    private let path: String

    /// - Parameter scratch: an existing folder; holds the joined text while this object lives.
    init(units: [(unit: Int, path: String)], scratch: String) throws(SortingError) {
        path = "\(scratch)/\(UUID().uuidString).text"
        let file = try WholeFile(path: path, syncs: false)
        for (_, unit) in units.sorted(by: { $0.unit < $1.unit }) {
            let base = file.count
            let text = try Self.map(unit + ".text")
            let reader = try RunReader(path: unit + ".starts", kind: PassageWriter.kind)
            while let record = reader.current {
                guard record.key < UInt64(text.count) else {
                    throw .damaged(
                        path: unit + ".starts", field: "offset", expected: "below \(text.count)",
                        actual: "\(record.key)")
                }
                starts.append((base + Int(record.key), record.value))
                try reader.advance()
            }
            for start in stride(from: 0, to: text.count, by: 1 << 20) {
                try file.write(text[start..<min(start + 1 << 20, text.count)].copy())
            }
        }
        try file.finish()
        bytes = try Self.map(path)
    }

    deinit { unlink(path) }

    private static func map(_ path: String) throws(SortingError) -> ByteView {
        do { return try MappedFile(path: path).bytes } catch {
            throw .cannot(operation: "read", path: path, reason: error.description)
        }
    }

    /// The document that a byte belongs to, and where that begins.
    func document(at place: Int) -> (start: Int, key: UInt64) {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle].offset <= place { low = middle } else { high = middle }
        }
        return (starts[low].offset, starts[low].key)
    }
}
