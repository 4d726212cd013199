import Foundation
import Kernels
import Synchronization

/// Sorts the suffixes of a text that lies on disk.
///
///     let sorter = SuffixSorter(text: file.bytes, symbolBytes: 2, memoryBytesMax: 256 << 20)
///     let count = try sorter.write(to: "suffixes.bin", on: pool) { place in isWanted(place) }
///
/// The file is the array: the place of each suffix (in symbols, 5 bytes, little-endian), in ascending order of what
/// stands there. Order is that of the bytes as they lie (`memcmp`), to a depth of `depthBytes` or to the first symbol
/// whose bits are all set, which ends a text; suffixes that are the same so far are in order of place.
///
/// Suffixes are counted by their first two bytes. Neighbouring counts make ranges, each of which fits into memory: a
/// thread reads the text from its beginning, takes the suffixes of its range with their first eight bytes, sorts them
/// and writes them where the counts say. Nothing is written twice and nothing is merged; the text is read as often as
/// there are ranges, in order, which disks do best. Only suffixes that are the same for eight bytes are looked up, and
/// copies are read once, however many suffixes they share.
package struct SuffixSorter: Sendable {
    package static let entryBytes = 5
    /// Bytes after which suffixes count as the same.
    package static let depthBytes = 8192
    /// Suffixes that are the same for so many bytes are taken for parts of copies.
    private static let copiesFromBytes = 64

    private let text: ByteView
    private let symbolBytes: Int
    private let memoryBytesMax: Int

    private struct Range {
        /// Of first eight bytes, as numbers whose highest byte is the first.
        var low: UInt64
        var high: UInt64
        /// Suffixes before it, and in it.
        var start: Int
        var count: Int
    }

    /// - Precondition: symbols have 1, 2 or 4 bytes, and the text is made of whole ones.
    package init(text: ByteView, symbolBytes: Int, memoryBytesMax: Int) {
        precondition([1, 2, 4].contains(symbolBytes) && text.count % symbolBytes == 0, "whole symbols")
        self.text = text
        self.symbolBytes = symbolBytes
        self.memoryBytesMax = memoryBytesMax
    }

    /// - Parameters:
    ///   - progress: the share that is done; called by any thread.
    ///   - includes: whether the suffix at a place (in symbols) is wanted; the same each time.
    /// - Returns: the number of suffixes.
    package func write(
        to path: String, on pool: WorkerPool, progress: @Sendable (Double) -> Void = { _ in },
        includes: @Sendable (Int) -> Bool
    ) throws(SortingError) -> Int {
        let counts = counts(on: pool, includes)
        let total = counts.reduce(0, +)
        // Records are sorted through as many others.
        let ranges = ranges(
            counts, room: max(1 << 12, memoryBytesMax / pool.threads / (2 * SortRecord.bytes)), includes)
        let file = try PlacedFile(path: path, bytes: total * Self.entryBytes)
        let state = Mutex<(done: Int, error: SortingError?)>((0, nil))
        pool.forEach(count: ranges.count) { index, _ in
            guard state.withLock({ $0.error == nil }) else { return }
            let range = ranges[index]
            do throws(SortingError) {
                try write(range, to: file, includes)
            } catch {
                state.withLock { $0.error = error }
            }
            progress(
                state.withLock {
                    $0.done += range.count
                    return Double($0.done) / Double(max(1, total))
                })
        }
        if let error = state.withLock({ $0.error }) { throw error }
        try file.finish()
        return total
    }

    /// How many suffixes begin with each pair of bytes.
    private func counts(on pool: WorkerPool, _ includes: @Sendable (Int) -> Bool) -> [Int] {
        let symbols = text.count / symbolBytes
        let parts = pool.threads
        let sums = Mutex([Int](repeating: 0, count: 1 << 16))
        pool.forEach(count: parts) { part, _ in
            var own = [Int](repeating: 0, count: 1 << 16)
            text.withUnsafeBytes { bytes in
                let text = SuffixText(bytes: bytes, symbolBytes: symbolBytes)
                for place in symbols * part / parts..<symbols * (part + 1) / parts where includes(place) {
                    own[Int(text.key(place * symbolBytes) >> 48)] += 1
                }
            }
            sums.withLock { [own] sums in for value in own.indices { sums[value] += own[value] } }
        }
        return sums.withLock { $0 }
    }

    /// Neighbouring counts together while they fit; a count that does not is divided by the next two bytes.
    private func ranges(_ counts: [Int], room: Int, _ includes: (Int) -> Bool) -> [Range] {
        var ranges: [Range] = []
        var start = 0
        func add(_ counts: [Int], from base: UInt64, shift: UInt64) {
            var (first, sum) = (0, 0)
            func close(_ end: Int) {
                guard end > first else { return }
                if sum > 0 {
                    let high = base &+ UInt64(end) << shift &- 1
                    ranges.append(Range(low: base | UInt64(first) << shift, high: high, start: start, count: sum))
                    start += sum
                }
                (first, sum) = (end, 0)
            }
            for (value, count) in counts.enumerated() {
                if sum + count > room { close(value) }
                if count > room, shift > 0 {
                    let low = base | UInt64(value) << shift
                    add(self.counts(after: low, shift: shift, includes), from: low, shift: shift - 16)
                    first = value + 1
                } else {
                    sum += count
                }
            }
            close(counts.count)
        }
        add(counts, from: 0, shift: 48)
        return ranges
    }

    /// How many suffixes that begin as `low` does go on with each pair of bytes.
    private func counts(after low: UInt64, shift: UInt64, _ includes: (Int) -> Bool) -> [Int] {
        var counts = [Int](repeating: 0, count: 1 << 16)
        text.withUnsafeBytes { bytes in
            let text = SuffixText(bytes: bytes, symbolBytes: symbolBytes)
            for place in 0..<bytes.count / symbolBytes {
                let key = text.key(place * symbolBytes)
                if key >> shift == low >> shift, includes(place) { counts[Int(key >> (shift - 16) & 0xffff)] += 1 }
            }
        }
        return counts
    }

    private func write(
        _ range: Range, to file: PlacedFile, _ includes: (Int) -> Bool
    ) throws(SortingError) {
        var records: [SortRecord] = []
        records.reserveCapacity(range.count)
        text.withUnsafeBytes { bytes in
            let text = SuffixText(bytes: bytes, symbolBytes: symbolBytes)
            for place in 0..<bytes.count / symbolBytes {
                let key = text.key(place * symbolBytes)
                if key >= range.low && key <= range.high, includes(place) {
                    records.append(SortRecord(key: key, value: UInt64(place)))
                }
            }
        }
        precondition(records.count == range.count, "a range holds what was counted")
        sort(&records)
        let entries = [UInt8](unsafeUninitializedCapacity: records.count * Self.entryBytes) { buffer, used in
            for (index, record) in records.enumerated() {
                for byte in 0..<Self.entryBytes {
                    buffer[index * Self.entryBytes + byte] = UInt8(truncatingIfNeeded: record.value >> UInt64(8 * byte))
                }
            }
            used = records.count * Self.entryBytes
        }
        try file.put(entries, at: range.start * Self.entryBytes)
    }

    /// By the eight bytes at hand; what is the same gets the next eight, and so on. What is the same for long is a
    /// copy, as a rule, and compared as a whole.
    private func sort(_ records: inout [SortRecord]) {
        var spare = Array(repeating: SortRecord(key: 0, value: 0), count: records.count)
        var runs: EqualRuns?
        text.withUnsafeBytes { bytes in
            let text = SuffixText(bytes: bytes, symbolBytes: symbolBytes)
            records.withUnsafeMutableBufferPointer { records in
                spare.withUnsafeMutableBufferPointer { spare in
                    records.sortByKey(through: spare)
                    var open: [(start: Int, end: Int, depth: Int)] = []
                    func pushTies(_ start: Int, _ end: Int, _ depth: Int) {
                        var first = start
                        while first < end {
                            var last = first + 1
                            while last < end && records[last].key == records[first].key { last += 1 }
                            if last - first > 1 {
                                var group = UnsafeMutableBufferPointer(rebasing: records[first..<last])
                                // What has ended alike is the same.
                                if text.ends(records[first].key) != 0 {
                                    group.sort { $0.value < $1.value }
                                } else if depth >= Self.copiesFromBytes {
                                    sort(&group, &runs, text, known: depth)
                                } else {
                                    open.append((first, last, depth))
                                }
                            }
                            first = last
                        }
                    }
                    pushTies(0, records.count, 8)
                    while let (start, end, depth) = open.popLast() {
                        let group = UnsafeMutableBufferPointer(rebasing: records[start..<end])
                        for index in group.indices {
                            let offset = Int(group[index].value) * symbolBytes + depth
                            group[index].key = offset < bytes.count ? text.key(offset) : 0
                        }
                        group.sortByKey(through: spare)
                        pushTies(start, end, depth + 8)
                    }
                }
            }
        }
    }

    private func sort(
        _ group: inout UnsafeMutableBufferPointer<SortRecord>, _ runs: inout EqualRuns?, _ text: SuffixText, known: Int
    ) {
        var own = runs.take() ?? EqualRuns(text)
        group.sort { own.precedes(Int($0.value) * symbolBytes, Int($1.value) * symbolBytes, known: known) }
        runs = own
    }
}
