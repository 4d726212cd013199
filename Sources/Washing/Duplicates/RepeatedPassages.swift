import Foundation
import Kernels
import Sorting

/// Finds passages that stand in several places word for word.
///
///     let counts = try RepeatedPassages.merge(units: units, bytesMin: 300, into: drops, scratch: …, on: pool)
///     var cursor = try drops.passages(unit: 7)
///     try cursor.ranges(of: index)                    // bytes of that document that stand in an earlier place
///
/// Suffixes of the joined text are sorted on disk, neighbours that have enough in common are one passage, and the place
/// that comes first keeps it. One suffix in eight is sorted, the same ones in every copy because their own bytes choose
/// them; what precedes them is compared afterwards.
package enum RepeatedPassages {
    /// A passage without a chosen suffix in its first so many bytes may be missed: one in 5,000 is.
    static let lostBytes = 64
    /// Shorter passages are not looked for.
    package static let bytesLeast = 2 * lostBytes

    /// - Parameters:
    ///   - units: the number of each and the path that its `PassageWriter` was given.
    ///   - bytesMin: of a passage.
    ///   - drops: gets the lists.
    package static func merge(
        units: [(unit: Int, path: String)], bytesMin: Int, into drops: DropLists, scratch: String, memoryBytesMax: Int,
        on pool: WorkerPool
    ) throws(SortingError) -> DuplicateCounts {
        precondition(bytesMin >= bytesLeast, "passages of \(bytesLeast) bytes or more")
        let text = try PassageText(units: units, scratch: scratch)
        let path = "\(scratch)/\(UUID().uuidString).suffixes"
        defer { unlink(path) }
        let bytes = text.bytes
        let sorter = SuffixSorter(text: bytes, symbolBytes: 1, memoryBytesMax: memoryBytesMax / 2)
        let count = try sorter.write(to: path, on: pool) { isChosen(bytes, $0) }
        guard let suffixes = try? MappedFile(path: path).bytes, suffixes.count == count * SuffixSorter.entryBytes else {
            throw .cannot(operation: "read", path: path, reason: "it cannot be mapped")
        }
        let passages = RecordSorter(kind: DropLists.kind, scratch: scratch, memoryBytesMax: memoryBytesMax / 2)
        var counts = DuplicateCounts()
        counts.texts = count
        var group: [Int] = []
        for rank in 0..<count {
            let at = rank * SuffixSorter.entryBytes
            let place = Int(suffixes.load(at: at, as: UInt32.self)) | Int(suffixes[at + 4]) << 32
            if let last = group.last, common(bytes, last, place, most: bytesMin) < bytesMin - lostBytes {
                try close(&group, text, bytesMin, passages, &counts)
            }
            group.append(place)
        }
        try close(&group, text, bytesMin, passages, &counts)
        try drops.write(passages)
        return counts
    }

    /// By the eight bytes that stand there. What is no beginning of a character is never chosen.
    private static func isChosen(_ text: ByteView, _ place: Int) -> Bool {
        guard place + 8 <= text.count, text[place] & 0xC0 != 0x80, text[place] != PassageWriter.separator else {
            return false
        }
        return Mixing.mix(text.load(at: place, as: UInt64.self)) >> 61 == 0
    }

    /// Bytes that two places have in common, within their documents.
    private static func common(_ text: ByteView, _ a: Int, _ b: Int, most: Int = .max) -> Int {
        text.withUnsafeBytes { bytes in
            let length = min(most, bytes.count - max(a, b))
            var count = 0
            while count < length, bytes[a + count] == bytes[b + count], bytes[a + count] != PassageWriter.separator {
                count += 1
            }
            return count
        }
    }

    /// Bytes that stand before both places, within their documents.
    private static func commonBefore(_ text: ByteView, _ a: Int, _ b: Int) -> Int {
        text.withUnsafeBytes { bytes in
            var count = 0
            while count < min(a, b), bytes[a - count - 1] == bytes[b - count - 1],
                bytes[a - count - 1] != PassageWriter.separator
            { count += 1 }
            return count
        }
    }

    private static func close(
        _ group: inout [Int], _ text: PassageText, _ bytesMin: Int, _ passages: RecordSorter,
        _ counts: inout DuplicateCounts
    ) throws(SortingError) {
        defer { group.removeAll(keepingCapacity: true) }
        guard group.count > 1, let kept = group.min() else { return }
        var found = 0
        for place in group where place != kept {
            let before = commonBefore(text.bytes, place, kept)
            let length = common(text.bytes, place, kept)
            // Both may overlap, as in a row of dashes; then the first period is what stays.
            guard before + length >= bytesMin else { continue }
            let document = text.document(at: place)
            let range = whole(text.bytes, place - before..<place + length)
            guard range.upperBound - document.start <= Int(UInt32.max) else { continue }
            let (low, high) = (UInt64(range.lowerBound - document.start), UInt64(range.upperBound - document.start))
            try passages.add(SortRecord(key: document.key, value: low << 32 | high))
            found += 1
        }
        if found > 0 { counts.add(group: found + 1) }
    }

    /// Without the parts of characters at both ends.
    private static func whole(_ text: ByteView, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, text[start] & 0xC0 == 0x80 { start += 1 }
        while end > start, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
        return start..<end
    }
}

/// Reads the passages of a unit's documents along with these.
package struct PassageCursor {
    private let reader: RunReader

    init(path: String) throws(SortingError) { reader = try RunReader(path: path, kind: DropLists.kind) }

    /// Bytes of a document that stand in an earlier place, ascending, not overlapping. Indices that are asked for
    /// ascend.
    package mutating func ranges(of index: Int) throws(SortingError) -> [Range<Int>] {
        while let record = reader.current {
            let document = Int(DocumentKey(packed: record.key).index)
            if document == index { return try next()?.ranges ?? [] }
            if document > index { break }
            try reader.advance()
        }
        return []
    }

    /// The next document that has any, and these; nil after the last.
    package mutating func next() throws(SortingError) -> (document: DocumentKey, ranges: [Range<Int>])? {
        guard let first = reader.current else { return nil }
        var ranges: [Range<Int>] = []
        while let record = reader.current, record.key == first.key {
            let (low, high) = (Int(record.value >> 32), Int(record.value & 0xffff_ffff))
            if let last = ranges.last, low <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, high)
            } else if low < high {
                ranges.append(low..<high)
            }
            try reader.advance()
        }
        return (DocumentKey(packed: first.key), ranges)
    }
}

extension DropLists {
    /// What `RepeatedPassages` found in a unit.
    package func passages(unit: Int) throws(SortingError) -> PassageCursor {
        try PassageCursor(path: path(unit: unit))
    }
}
