import Foundation

/// Reads members of a zip archive from its table at the end; holds the table and one member.
///
/// Everything the archive says of itself is checked against the file: offsets, lengths, and what a member unfolds to.
final class ZipArchive {
    struct Member {
        var name: String
        fileprivate var method: UInt16
        fileprivate var packedBytes: Int
        fileprivate var bytes: Int
        fileprivate var offset: Int
    }

    private(set) var members: [Member] = []
    private let descriptor: Int32
    private let path: String
    private let size: Int
    /// What may still be unfolded: an archive of small members may not be a bomb in pieces.
    private var bytesLeft: Int
    private static let membersMax = 65_535
    private static let endBytes = 22
    private static let commentBytesMax = 65_535

    /// - Throws: `CorpusError.cannotRead`, and `.passedOver` where it is no archive.
    init(path: String, name: String, limits: CorpusLimits) throws(CorpusError) {
        self.path = name
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
        var status = stat()
        size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        bytesLeft = limits.expandedBytesFree + size.multipliedReportingOverflow(by: limits.expansionMax).partialValue
        members = try readTable()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private func fault(_ place: String, _ reason: String) -> CorpusError {
        .passedOver(file: path, place: place, reason: reason)
    }

    private func read(_ offset: Int, _ count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else { return nil }
        var done = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            while done < count {
                let step = pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
                guard step > 0 else { break }
                done += step
            }
            used = done
        }
        return done == count ? bytes : nil
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func readTable() throws(CorpusError) -> [Member] {
        let tail = min(size, Self.endBytes + Self.commentBytesMax)
        guard let end = read(size - tail, tail),
            let place = (0...max(0, tail - Self.endBytes)).last(where: {
                $0 + Self.endBytes <= tail && end[$0..<($0 + 4)].elementsEqual([0x50, 0x4B, 5, 6])
            })
        else { throw fault("", "it is no zip archive, or its end is missing") }
        let tableBytes = Self.number(end, place + 12, 4)
        guard let table = read(Self.number(end, place + 16, 4), tableBytes) else {
            throw fault("", "its table lies beyond its end")
        }
        var members: [Member] = []
        var index = 0
        while index + 46 <= table.count, members.count < Self.membersMax,
            table[index..<(index + 4)].elementsEqual([0x50, 0x4B, 1, 2])
        {
            let nameEnd = index + 46 + Self.number(table, index + 28, 2)
            guard nameEnd <= table.count else { break }
            members.append(
                Member(
                    name: String(decoding: table[(index + 46)..<nameEnd], as: UTF8.self),
                    method: UInt16(Self.number(table, index + 10, 2)), packedBytes: Self.number(table, index + 20, 4),
                    bytes: Self.number(table, index + 24, 4), offset: Self.number(table, index + 42, 4)))
            index = nameEnd + Self.number(table, index + 30, 2) + Self.number(table, index + 32, 2)
        }
        return members
    }

    /// - Throws: `CorpusError.passedOver` where the member is damaged or too long.
    func bytes(of member: Member, bytesMax: Int) throws(CorpusError) -> [UInt8] {
        guard member.bytes <= min(bytesMax, bytesLeft) else {
            throw fault(member.name, "it unfolds to \(member.bytes) bytes, the limit is \(min(bytesMax, bytesLeft))")
        }
        guard let head = read(member.offset, 30), head.starts(with: [0x50, 0x4B, 3, 4]),
            let packed = read(
                member.offset + 30 + Self.number(head, 26, 2) + Self.number(head, 28, 2), member.packedBytes)
        else { throw fault(member.name, "it lies beyond the archive's end") }
        bytesLeft -= member.bytes
        switch member.method {
        case 0: return packed
        case 8:
            guard let bytes = Inflate.unfoldBare(packed, bytesMax: member.bytes) else {
                throw fault(member.name, "its data is damaged, or longer than it says")
            }
            return bytes
        default: throw fault(member.name, "it is compressed in a way that is not read, or encrypted")
        }
    }
}
