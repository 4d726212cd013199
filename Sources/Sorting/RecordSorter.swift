import Foundation

/// Sorts more records than fit into memory.
///
///     let sorter = try RecordSorter(kind: kind, scratch: "work", memoryBytesMax: 64 << 20)
///     try sorter.add(record)          // any number, in any order
///     try sorter.forEach { record in … }
///
/// What exceeds the memory lies in sorted runs in the scratch folder until the sorter is gone.
package final class RecordSorter {
    private let kind: RunFile.Kind
    private let scratch: String
    private let memoryBytesMax: Int
    private var records: [SortRecord] = []
    private var spare: [SortRecord] = []
    private let recordsMax: Int
    /// Whether the values of the records at hand ascend: then those with the same key are in order already.
    private var valuesAscend = true
    private var runs: [String] = []
    package private(set) var count = 0

    /// - Parameters:
    ///   - scratch: an existing folder.
    ///   - memoryBytesMax: of which half holds records, half is for sorting them.
    package init(kind: RunFile.Kind, scratch: String, memoryBytesMax: Int) {
        self.kind = kind
        self.scratch = scratch
        self.memoryBytesMax = memoryBytesMax
        recordsMax = max(1024, memoryBytesMax / (2 * SortRecord.bytes))
    }

    deinit { for path in runs { unlink(path) } }

    package func add(_ record: SortRecord) throws(SortingError) {
        if records.count == recordsMax { try spill() }
        if let last = records.last, last.value > record.value { valuesAscend = false }
        records.append(record)
        count += 1
    }

    /// Adds a record for each key.
    package func add(keys: [UInt64], value: UInt64) throws(SortingError) {
        if records.count + keys.count > recordsMax { try spill() }
        if let last = records.last, last.value > value { valuesAscend = false }
        records.append(contentsOf: keys.lazy.map { SortRecord(key: $0, value: value) })
        count += keys.count
    }

    /// Every record in order; the sorter is empty afterwards.
    package func forEach(_ body: (SortRecord) throws(SortingError) -> Void) throws(SortingError) {
        if runs.isEmpty {
            sort()
            for record in records { try body(record) }
        } else {
            try spill()
            (records, spare) = ([], [])
            var merge = try RunMerge(paths: runs, kind: kind, scratch: scratch, memoryBytesMax: memoryBytesMax)
            while let record = try merge.next() { try body(record) }
            for path in runs { unlink(path) }
            runs = []
        }
        empty()
        count = 0
    }

    /// Writes every record as a run; the sorter is empty afterwards.
    package func write(to path: String, tag: UInt64 = 0, syncs: Bool = true) throws(SortingError) {
        let writer = try RunWriter(path: path, kind: kind, tag: tag, syncs: syncs)
        if runs.isEmpty {
            sort()
            try append(to: writer)
            empty()
            count = 0
        } else {
            try forEach { (record) throws(SortingError) in try writer.append(record) }
        }
        try writer.finish()
    }

    private func sort() {
        if spare.count < records.count {
            spare = Array(repeating: SortRecord(key: 0, value: 0), count: records.count)
        }
        let bytes = valuesAscend ? 8..<16 : 0..<16
        records.withUnsafeMutableBufferPointer { records in
            spare.withUnsafeMutableBufferPointer { records.radixSort(bytes: bytes, through: $0) }
        }
        valuesAscend = records.count < 2
    }

    private func empty() {
        records.removeAll(keepingCapacity: true)
        valuesAscend = true
    }

    private func append(to writer: RunWriter) throws(SortingError) {
        try records.withUnsafeBufferPointer { records in
            Result { () throws(SortingError) in try writer.append(contentsOf: records) }
        }.get()
    }

    private func spill() throws(SortingError) {
        guard !records.isEmpty else { return }
        sort()
        let path = "\(scratch)/\(UUID().uuidString).run"
        let writer = try RunWriter(path: path, kind: kind, syncs: false)
        try append(to: writer)
        try writer.finish()
        runs.append(path)
        empty()
    }
}
