import CZlib
import Foundation

/// Reads members of a zip file (a wheel), stored or deflated, by its central directory; no more than is declared.
struct ZipArchive {
    struct Member: Sendable, Equatable {
        let name: String
        let method: Int
        let compressedSize: Int
        let size: Int
        let crc: UInt32
        let offset: Int
    }

    let members: [Member]
    private let handle: FileHandle
    private let path: String
    private let length: Int
    private static let inputBytes = 1 << 18

    init(path: String, limits: HubLimits) throws(HubError) {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .system("open", path) }
        self.handle = handle
        do {
            length = Int(try handle.seekToEnd())
            members = try Self.directory(handle, length, path, limits)
        } catch let error as HubError { throw error } catch {
            throw .file(operation: "read", path: path, reason: "\(error)")
        }
    }

    /// The member that a pattern (with `*`) names, or the largest one when there is none.
    func member(_ pattern: String?) throws(HubError) -> Member {
        let data = members.filter { !$0.name.contains(".dist-info/") && !$0.name.hasSuffix("/") }
        guard let pattern else {
            guard let largest = data.max(by: { $0.size < $1.size }) else {
                throw .badArchive(what: path, reason: "empty")
            }
            return largest
        }
        let matches = data.filter { Self.matches($0.name, pattern) }
        guard matches.count == 1 else {
            throw .noFile(what: "\(path) (member \(pattern): \(matches.count) matches)", available: data.map(\.name))
        }
        return matches[0]
    }

    /// Passes a member's bytes on in pieces; throws unless length and CRC-32 are what the archive declares.
    func extract(_ member: Member, bytesMax: Int, into take: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard member.size <= bytesMax else {
            throw HubError.tooLarge(what: "\(path):\(member.name)", bytes: member.size, bytesMax: bytesMax)
        }
        let start = try dataOffset(member)
        try handle.seek(toOffset: UInt64(start))
        var checksum = crc32(0, nil, 0)
        var produced = 0
        let checked: (UnsafeRawBufferPointer) throws -> Void = { piece in
            produced += piece.count
            guard produced <= member.size else { throw bad("\(member.name) holds more than it declares") }
            checksum = crc32(checksum, piece.bindMemory(to: UInt8.self).baseAddress, uInt(piece.count))
            try take(piece)
        }
        switch member.method {
        case 0: try copy(member.compressedSize, checked)
        case 8: try inflate(member.compressedSize, checked)
        default: throw bad("\(member.name) is packed by method \(member.method); 0 (stored) and 8 (deflate) are read")
        }
        guard produced == member.size else { throw bad("\(member.name) has \(produced) bytes, not \(member.size)") }
        guard UInt32(truncatingIfNeeded: checksum) == member.crc else { throw bad("\(member.name) fails its CRC-32") }
    }

    private func copy(_ count: Int, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        var left = count
        while left > 0 {
            guard let piece = try handle.read(upToCount: min(left, Self.inputBytes)), !piece.isEmpty else {
                throw bad("it ends early")
            }
            left -= piece.count
            try piece.withUnsafeBytes(take)
        }
    }

    private func inflate(_ count: Int, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        var stream = z_stream()
        // Negative window bits: raw deflate, as zip has it.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw bad("zlib does not start")
        }
        defer { inflateEnd(&stream) }
        var left = count
        var output = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            var piece = try handle.read(upToCount: min(left, Self.inputBytes)) ?? Data()
            guard !piece.isEmpty else { throw bad("its deflated data ends early") }
            left -= piece.count
            let isEnd = try piece.withUnsafeMutableBytes { input -> Bool in
                stream.next_in = input.bindMemory(to: UInt8.self).baseAddress
                stream.avail_in = uInt(input.count)
                while true {
                    let (status, made) = output.withUnsafeMutableBufferPointer { buffer -> (Int32, Int) in
                        stream.next_out = buffer.baseAddress
                        stream.avail_out = uInt(buffer.count)
                        let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                        return (status, buffer.count - Int(stream.avail_out))
                    }
                    try output.withUnsafeBytes { try take(UnsafeRawBufferPointer(rebasing: $0[..<made])) }
                    if status == Z_STREAM_END { return true }
                    guard status == Z_OK || status == Z_BUF_ERROR else { throw bad("its deflated data is broken") }
                    if stream.avail_out > 0 { return false }
                }
            }
            if isEnd { return }
        }
    }

    /// Where the data begins: after the local header, whose name and extra field may differ from the directory's.
    private func dataOffset(_ member: Member) throws -> Int {
        guard member.offset >= 0, member.offset <= length - 30 else { throw bad("\(member.name) lies outside") }
        try handle.seek(toOffset: UInt64(member.offset))
        let header = [UInt8](try handle.read(upToCount: 30) ?? Data())
        guard header.count == 30, Self.number(header, 0, 4) == 0x0403_4b50 else {
            throw bad("\(member.name) has no header")
        }
        let start = member.offset + 30 + Self.number(header, 26, 2) + Self.number(header, 28, 2)
        guard start <= length, member.compressedSize <= length - start else { throw bad("\(member.name) lies outside") }
        return start
    }

    private func bad(_ reason: String) -> HubError {
        .badArchive(what: (path as NSString).lastPathComponent, reason: HubError.shown(reason))
    }

    private static func directory(_ handle: FileHandle, _ length: Int, _ path: String, _ limits: HubLimits) throws
        -> [Member]
    {
        func bad(_ reason: String) -> HubError {
            .badArchive(what: (path as NSString).lastPathComponent, reason: reason)
        }
        let tailLength = min(length, 65_557)
        try handle.seek(toOffset: UInt64(length - tailLength))
        let tail = [UInt8](try handle.read(upToCount: tailLength) ?? Data())
        guard tail.count >= 22,
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
                number(tail, $0, 4) == 0x0605_4b50
            })
        else { throw bad("it has no directory") }
        let count = number(tail, end + 10, 2)
        let size = number(tail, end + 12, 4)
        let start = number(tail, end + 16, 4)
        guard count != 0xffff, size != 0xffff_ffff, start != 0xffff_ffff else { throw bad("zip64 is not read") }
        guard count <= limits.archiveEntriesMax, size <= limits.answerBytesMax, start <= length, size <= length - start
        else {
            throw bad("its directory lies outside or is too large")
        }
        try handle.seek(toOffset: UInt64(start))
        let bytes = [UInt8](try handle.read(upToCount: size) ?? Data())
        var members: [Member] = []
        var at = 0
        for _ in 0..<count {
            guard at + 46 <= bytes.count, number(bytes, at, 4) == 0x0201_4b50 else { throw bad("its directory is cut") }
            let name = number(bytes, at + 28, 2)
            let next = at + 46 + name + number(bytes, at + 30, 2) + number(bytes, at + 32, 2)
            guard next <= bytes.count else { throw bad("its directory is cut") }
            members.append(
                Member(
                    name: String(decoding: bytes[(at + 46)..<(at + 46 + name)], as: UTF8.self),
                    method: number(bytes, at + 10, 2), compressedSize: number(bytes, at + 20, 4),
                    size: number(bytes, at + 24, 4), crc: UInt32(number(bytes, at + 16, 4)),
                    offset: number(bytes, at + 42, 4)))
            at = next
        }
        return members
    }

    private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }

    /// `*` stands for any run of characters; linear in text times pattern.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.utf8)
        let pattern = Array(pattern.utf8)
        var t = 0
        var p = 0
        var star = -1
        var mark = 0
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                (star, mark, p) = (p, t, p + 1)
            } else if p < pattern.count, pattern[p] == text[t] {
                (t, p) = (t + 1, p + 1)
            } else if star >= 0 {
                mark += 1
                (p, t) = (star + 1, mark)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
