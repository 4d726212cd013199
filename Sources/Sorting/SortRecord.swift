/// Two numbers that are sorted: by the first, then by the second.
package struct SortRecord: Comparable, Sendable, BitwiseCopyable {
    package var key: UInt64
    package var value: UInt64

    package static let bytes = 16

    package init(key: UInt64, value: UInt64) {
        self.key = key
        self.value = value
    }

    package static func < (a: SortRecord, b: SortRecord) -> Bool {
        a.key != b.key ? a.key < b.key : a.value < b.value
    }
}

extension UnsafeMutableBufferPointer<SortRecord> {
    /// By the key alone; records with the same key stay in the order they are in.
    ///
    /// - Parameter other: as long; its content is lost.
    func sortByKey(through other: UnsafeMutableBufferPointer<SortRecord>) {
        guard count < Self.fewRecords else { return radixSort(bytes: 8..<16, through: other) }
        guard count > 1 else { return }
        for place in 1..<count {
            let record = self[place]
            var hole = place
            while hole > 0 && self[hole - 1].key > record.key {
                self[hole] = self[hole - 1]
                hole -= 1
            }
            self[hole] = record
        }
    }

    /// So few are sorted by insertion: counting bytes would take longer.
    private static var fewRecords: Int { 48 }

    /// Sorts byte by byte from the lowest; bytes that are the same in all records cost nothing.
    ///
    /// - Parameters:
    ///   - bytes: 0 to 7 are the value's, 8 to 15 the key's.
    ///   - other: as long; its content is lost.
    func radixSort(bytes: Range<Int> = 0..<16, through other: UnsafeMutableBufferPointer<SortRecord>) {
        precondition(other.count >= count, "as much room as there are records")
        guard count > 1, let home = baseAddress, let away = other.baseAddress else { return }
        var counts = [UInt32](repeating: 0, count: 16 << 8)
        counts.withUnsafeMutableBufferPointer { counts in
            for index in 0..<count {
                var (low, high) = (home[index].value, home[index].key)
                for byte in 8..<16 {
                    counts[byte << 8 | Int(high & 255)] += 1
                    high >>= 8
                }
                if bytes.lowerBound >= 8 { continue }
                for byte in 0..<8 {
                    counts[byte << 8 | Int(low & 255)] += 1
                    low >>= 8
                }
            }
        }
        var (from, to) = (home, away)
        var places = [Int](repeating: 0, count: 256)
        for byte in bytes {
            let part = counts[byte << 8..<(byte + 1) << 8]
            if part.contains(UInt32(count)) { continue }
            var sum = 0
            for (digit, count) in part.enumerated() {
                places[digit] = sum
                sum += Int(count)
            }
            let shift = UInt64(byte % 8 * 8)
            places.withUnsafeMutableBufferPointer { places in
                for index in 0..<count {
                    let record = from[index]
                    let digit = Int(((byte < 8 ? record.value : record.key) >> shift) & 255)
                    to[places[digit]] = record
                    places[digit] += 1
                }
            }
            swap(&from, &to)
        }
        if from != home { home.update(from: from, count: count) }
    }
}
