/// Counts of n-grams, lines and paragraphs of one text; tables that are cleared by a change of their epoch.
///
/// An n-gram that is there twice begins with an (n-1)-gram that is there twice and ends with one, so that of most
/// texts only the pairs have to be counted, and of the rest what is left.
package final class RepetitionTables {
    // Unchecked: only this object's own methods touch them, one at a time, millions of times a second.
    @exclusivity(unchecked) private var keys: [UInt64] = []
    @exclusivity(unchecked) private var counts: [Int32] = []
    @exclusivity(unchecked) private var epochs: [UInt32] = []
    @exclusivity(unchecked) private var epoch: UInt32 = 0
    @exclusivity(unchecked) private var mask = 0

    /// Where n-grams begin that may be there again, with their hashes.
    package struct Grams {
        fileprivate(set) var n = 1
        fileprivate var places: [Int32] = []
        fileprivate var hashes: [UInt64] = []
        fileprivate var times: [Int32] = []

        package init(_ scan: TextScan) {}
    }

    package struct Lines {
        package var lineShare = 0.0
        package var lineByteShare = 0.0
        package var paragraphShare = 0.0
        package var paragraphByteShare = 0.0
    }

    package init() {}

    /// Shares of lines and paragraphs of prose that were there before in the same text.
    package func lines(_ scan: TextScan) -> Lines {
        var result = Lines()
        guard scan.lines.count > 1 else { return result }
        begin(scan.lines.count)
        var (count, bytes, again, againBytes) = (0, 0, 0, 0)
        for line in scan.lines where line.isProse {
            count += 1
            let own = Int(line.end - line.start)
            bytes += own
            if add(line.hash) > 1 {
                again += 1
                againBytes += own
            }
        }
        result.lineShare = Double(again) / Double(max(1, count))
        result.lineByteShare = Double(againBytes) / Double(max(1, bytes))
        begin(scan.lines.count)
        var (paragraphs, paragraphsAgain, paragraphBytes, hash, own) = (0, 0, 0, UInt64(0), 0)
        func close() {
            guard own > 0 else { return }
            paragraphs += 1
            if add(hash) > 1 {
                paragraphsAgain += 1
                paragraphBytes += own
            }
        }
        for line in scan.lines {
            if line.opensParagraph {
                close()
                (hash, own) = (0, 0)
            }
            guard line.isProse else { continue }
            hash = Hashing.mix(hash ^ line.hash)
            own += Int(line.end - line.start)
        }
        close()
        result.paragraphShare = Double(paragraphsAgain) / Double(max(1, paragraphs))
        result.paragraphByteShare = Double(paragraphBytes) / Double(max(1, bytes))
        return result
    }

    /// Goes from (n-1)-grams to n-grams.
    package func extend(_ grams: inout Grams, to n: Int, _ scan: TextScan) {
        let words = scan.wordHashes
        grams.n = n
        if n == 2 {
            begin(max(0, words.count - 1))
            grams.places = Self.prosePlaces(scan)
            grams.hashes = grams.places.map { Self.joined(words[Int($0)], words[Int($0) + 1]) }
        } else {
            shrink(&grams, words)
            begin(grams.places.count)
        }
        let slots = grams.hashes.map { add($0, wantsSlot: true) }
        grams.times = slots.map { counts[$0] }
    }

    /// The words of prose that another follows.
    private static func prosePlaces(_ scan: TextScan) -> [Int32] {
        let count = Int32(truncatingIfNeeded: max(0, scan.words - 1))
        var places: [Int32] = []
        places.reserveCapacity(Int(count))
        var next: Int32 = 0
        for line in scan.lines {
            let end = next + line.words
            if line.isProse { places += next..<min(end, max(next, count)) }
            next = end
        }
        return places
    }

    /// Keeps the beginnings whose (n-1)-gram, and that of the next word, are there twice, and lengthens their hashes.
    private func shrink(_ grams: inout Grams, _ words: [UInt64]) {
        var kept = 0
        let count = grams.places.count
        for index in 0..<count where grams.times[index] > 1 {
            let place = grams.places[index]
            guard index + 1 < count, grams.places[index + 1] == place + 1, grams.times[index + 1] > 1,
                Int(place) + grams.n <= words.count
            else { continue }
            grams.hashes[kept] = Self.joined(grams.hashes[index], words[Int(place) + grams.n - 1])
            grams.places[kept] = place
            kept += 1
        }
        grams.places.removeLast(count - kept)
        grams.hashes.removeLast(count - kept)
    }

    /// Bytes of the n-gram that takes most of the text, all its times together.
    ///
    /// - Parameter timesMin: an n-gram that is there less often is not counted.
    package func topBytes(_ grams: Grams, _ scan: TextScan, timesMin: Int = 2) -> Int {
        var best = 0
        for (index, times) in grams.times.enumerated() where times >= timesMin {
            best = max(best, Int(times) * Self.bytes(grams, index, scan))
        }
        return best
    }

    /// Bytes of n-grams that were there before, each word once.
    package func repeatedBytes(_ grams: Grams, _ scan: TextScan) -> Int {
        begin(grams.places.count)
        var total = 0
        var next: Int32 = 0
        for (index, place) in grams.places.enumerated() where place >= next && grams.times[index] > 1 {
            if add(grams.hashes[index]) > 1 {
                total += Self.bytes(grams, index, scan)
                next = place + Int32(grams.n)
            }
        }
        return total
    }

    private static func bytes(_ grams: Grams, _ index: Int, _ scan: TextScan) -> Int {
        let place = Int(grams.places[index])
        return Int(scan.wordEnds[place + grams.n - 1] - scan.wordStarts[place])
    }

    private static func joined(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let hash = (left ^ (right << 23 | right >> 41)) &* 0x9E37_79B9_7F4A_7C15
        return hash ^ hash >> 31
    }

    // MARK: The table

    /// Empties the table and makes room for so many keys.
    private func begin(_ count: Int) {
        if count * 2 > keys.count {
            var size = 1024
            while size < count * 2 { size *= 2 }
            keys = [UInt64](repeating: 0, count: size)
            counts = [Int32](repeating: 0, count: size)
            epochs = [UInt32](repeating: 0, count: size)
            mask = size - 1
            epoch = 0
        }
        if epoch == .max {
            epochs = [UInt32](repeating: 0, count: epochs.count)
            epoch = 0
        }
        epoch += 1
    }

    /// Counts a key; how often it has come.
    @inline(__always)
    private func add(_ key: UInt64) -> Int32 { counts[add(key, wantsSlot: true)] }

    /// Counts a key; where its count is.
    @inline(__always)
    private func add(_ key: UInt64, wantsSlot: Bool) -> Int {
        var slot = Int(truncatingIfNeeded: key &* 0x9E37_79B9_7F4A_7C15 >> 20) & mask
        while epochs[slot] == epoch, keys[slot] != key { slot = (slot + 1) & mask }
        if epochs[slot] == epoch {
            counts[slot] += 1
        } else {
            (epochs[slot], keys[slot], counts[slot]) = (epoch, key, 1)
        }
        return slot
    }
}
