import Foundation

/// Sorted records in a file.
///
///     offset 0   "DLRUN1", kind (2 bytes: what the records are)
///     offset 8   tag: what the writer wants the reader to check
///     offset 16  number of records
///     offset 24  sum over the records: a change is found when the file was read to its end
///     offset 32  records: key, value; 8 bytes each, little-endian, ascending
package enum RunFile {
    static let headerBytes = 32
    private static let magic = Array("DLRUN1".utf8)

    /// What the records of a file are; two letters.
    package struct Kind: Equatable, Sendable {
        let letters: [UInt8]

        /// - Precondition: two ASCII letters.
        package init(_ letters: StaticString) {
            precondition(letters.utf8CodeUnitCount == 2 && letters.isASCII, "two letters")
            self.letters = letters.withUTF8Buffer { Array($0) }
        }
    }

    struct Header {
        var kind: Kind
        var tag: UInt64
        var count: UInt64
        var sum: UInt64

        var bytes: [UInt8] {
            magic + kind.letters + [tag, count, sum].flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 255) } }
        }
    }

    /// Whether 32 bytes begin a run of this kind and how many records follow, if `bytes` bytes are there in all.
    static func header(
        _ bytes: [UInt8], path: String, kind: Kind, tag: UInt64, fileBytes: Int
    ) throws(SortingError) -> Header {
        guard bytes.count == headerBytes, bytes.starts(with: magic) else {
            throw .damaged(path: path, field: "the beginning", expected: "DLRUN1", actual: "something else")
        }
        guard bytes[6..<8].elementsEqual(kind.letters) else {
            throw .damaged(
                path: path, field: "kind", expected: String(decoding: kind.letters, as: UTF8.self),
                actual: String(decoding: bytes[6..<8], as: UTF8.self))
        }
        func word(_ at: Int) -> UInt64 { bytes[at..<at + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        guard word(8) == tag else {
            throw .damaged(
                path: path, field: "settings", expected: String(tag, radix: 16), actual: String(word(8), radix: 16))
        }
        let room = UInt64((fileBytes - headerBytes) / SortRecord.bytes)
        guard word(16) == room, fileBytes == headerBytes + Int(room) * SortRecord.bytes else {
            throw .damaged(
                path: path, field: "size", expected: "\(word(16)) records",
                actual: "\(fileBytes) bytes, room for \(room)")
        }
        return Header(kind: kind, tag: tag, count: word(16), sum: word(24))
    }

    /// Order counts in the sum: each record is mixed with its place.
    static func step(_ sum: UInt64, _ record: SortRecord) -> UInt64 {
        ((sum ^ record.key) &* 0x9e37_79b9_7f4a_7c15 ^ record.value) &* 0xbf58_476d_1ce4_e5b9
    }
}
