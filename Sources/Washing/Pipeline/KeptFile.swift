import Foundation

/// The documents of a unit that its steps kept, between the phases.
///
///     record:  bytes of the text (u32)   bytes of the members (u32)   hash (u64)   group (u16)   text   members
///
/// Members are those of the document's line but `text`, as JSON without braces.
package struct KeptRecord {
    package var text: [UInt8]
    package var members: [UInt8]
    /// Of the text as duplicates compare it: decides between training and validation, and what a mixture leaves out.
    package var hash: UInt64
    package var group: UInt16

    package static let headerBytes = 18
}

package final class KeptWriter {
    private let file: FileWriter

    package init(path: String) throws(WashingError) { file = try FileWriter(path: path) }

    package func write(_ record: KeptRecord) throws(WashingError) {
        try file.write(UInt32(record.text.count))
        try file.write(UInt32(record.members.count))
        try file.write(record.hash)
        try file.write(record.group)
        try file.write(record.text)
        try file.write(record.members)
    }

    package func close() throws(WashingError) { try file.close() }
}

/// Reads a unit's documents one by one, in bounded memory.
package final class KeptReader {
    private let descriptor: Int32
    private let path: String
    private let limits: WashingLimits
    private var buffer: [UInt8] = []
    private var place = 0
    private static let pieceBytes = 1 << 20

    package init(path: String, limits: WashingLimits) throws(WashingError) {
        self.path = path
        self.limits = limits
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw WashingFiles.system("read", path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Nil after the last.
    package func next() throws(WashingError) -> KeptRecord? {
        guard try fill(KeptRecord.headerBytes) else {
            guard place == buffer.count else { throw short() }
            return nil
        }
        let text = Int(number(UInt32.self))
        let members = Int(number(UInt32.self))
        let hash = number(UInt64.self)
        let group = number(UInt16.self)
        guard text <= limits.documentBytesMax * 4, members <= limits.documentBytesMax, try fill(text + members) else {
            throw short()
        }
        defer { place += text + members }
        return KeptRecord(
            text: Array(buffer[place..<place + text]), members: Array(buffer[place + text..<place + text + members]),
            hash: hash, group: group)
    }

    private func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
        defer { place += Number.bitWidth / 8 }
        return buffer.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: type)) }
    }

    /// Whether so many bytes are at hand, once what is missing has been read.
    private func fill(_ count: Int) throws(WashingError) -> Bool {
        guard buffer.count - place < count else { return true }
        buffer.removeSubrange(..<place)
        place = 0
        while buffer.count < count {
            let before = buffer.count
            let wanted = max(Self.pieceBytes, count - before)
            buffer.append(contentsOf: repeatElement(0, count: wanted))
            var got = 0
            repeat {
                got = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + before }, wanted) }
            } while got < 0 && errno == EINTR
            buffer.removeLast(wanted - max(0, got))
            guard got >= 0 else { throw WashingFiles.system("read", path) }
            if got == 0 { return false }
        }
        return true
    }

    private func short() -> WashingError {
        .damaged(path: path, expected: "whole records", actual: "an end within one")
    }
}
