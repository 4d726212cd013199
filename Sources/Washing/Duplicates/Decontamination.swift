import Instructions

/// Finds documents that contain parts of an evaluation.
///
///     var decontamination = Decontamination()
///     try decontamination.add(evaluation: "gsm8k-test.jsonl.gz")
///     if let overlap = decontamination.overlap(with: text) { … }
///
/// Texts overlap where 13 units in a row are the same: words, or characters of scripts without spaces, without case,
/// width and punctuation (GPT-3's rule). A text of an evaluation that is shorter, but has at least 8 words, counts as a
/// whole; 8 characters are too little to say anything.
package struct Decontamination: Sendable {
    package struct Overlap: Sendable, Equatable {
        /// Where the evaluation has it: `"gsm8k-test.jsonl.gz:12"`.
        package var evaluation: String
        /// Bytes of the document that both have.
        package var place: Range<Int>
    }

    package static let unitsInRow = 13
    package static let wordsMin = 8

    /// The first item with each run of units.
    private var runs: [UInt64: UInt32] = [:]
    private var items: [String] = []
    /// A bit for the low bits of each run: most of a document's runs are not looked up further.
    private var filter: [UInt64] = Array(repeating: 0, count: 1 << 10)
    /// Lengths of runs that occur, ascending.
    private var lengths: [Int] = []
    private static let base: UInt64 = 0x9e37_79b9_7f4a_7c15

    package init() {}

    /// Texts of all evaluations, as many as have runs.
    package var itemCount: Int { items.count }

    /// - Throws: `InstructionsError.badEvaluation`.
    package mutating func add(evaluation path: String) throws(InstructionsError) {
        do {
            try EvaluationTexts.forEach(path: path) { item in
                add(item.texts, from: "\(item.source.file):\(item.source.line)")
            }
        } catch let error as InstructionsError {
            throw error
        } catch {
            throw .badEvaluation(path: path, reason: "\(error)")
        }
    }

    package mutating func add(_ texts: [String], from source: String) {
        let number = UInt32(truncatingIfNeeded: items.count)
        let before = runs.count
        for text in texts {
            var text = text
            text.withUTF8 { add($0, number) }
        }
        if runs.count > before { items.append(source) }
        if runs.count > filter.count * 4 { refilter() }
    }

    private mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ item: UInt32) {
        var (units, words) = (0, 0)
        ComparedUnits.forEach(text) { _, isCharacter, _ in
            units += 1
            if !isCharacter { words += 1 }
            return true
        }
        guard units >= Self.unitsInRow || words >= Self.wordsMin else { return }
        let length = min(units, Self.unitsInRow)
        if !lengths.contains(length) { lengths = (lengths + [length]).sorted() }
        Self.forEachRun(text, [length]) { hash, _, _ in
            if runs[hash] == nil { runs[hash] = item }
            set(hash)
            return true
        }
    }

    private mutating func set(_ hash: UInt64) {
        filter[Int(hash >> 6) & (filter.count - 1)] |= 1 << (hash & 63)
    }

    private mutating func refilter() {
        filter = Array(repeating: 0, count: filter.count * 8)
        for hash in runs.keys { set(hash) }
    }

    /// The first place where a document has what an evaluation has.
    package func overlap(with text: UnsafeBufferPointer<UInt8>) -> Overlap? {
        guard !runs.isEmpty else { return nil }
        var found: Overlap?
        let mask = filter.count - 1
        filter.withUnsafeBufferPointer { filter in
            Self.forEachRun(text, lengths) { hash, start, end in
                guard filter[Int(hash >> 6) & mask] >> (hash & 63) & 1 == 1, let item = runs[hash] else { return true }
                found = Overlap(evaluation: items[Int(item)], place: start..<end)
                return false
            }
        }
        return found
    }

    /// Calls `body` with the hash and place of every run of these lengths, until it returns false.
    @inline(__always)
    private static func forEachRun(
        _ text: UnsafeBufferPointer<UInt8>, _ lengths: [Int], _ body: (UInt64, _ start: Int, _ end: Int) -> Bool
    ) {
        let leaving = lengths.map { length in (1..<length).reduce(UInt64(1)) { power, _ in power &* base } }
        var sums = Array(repeating: UInt64(0), count: lengths.count)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 16) { units in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 16) { ends in
                var count = 0
                ends[15] = 0
                ComparedUnits.forEach(text) { unit, _, end in
                    units[count & 15] = unit
                    ends[count & 15] = end
                    count += 1
                    for which in 0..<lengths.count {
                        let length = lengths[which]
                        if count > length { sums[which] &-= units[(count - 1 - length) & 15] &* leaving[which] }
                        sums[which] = sums[which] &* base &+ unit
                        if count >= length {
                            let hash = Mixing.mix(sums[which] ^ UInt64(length))
                            guard body(hash, count > length ? ends[(count - 1 - length) & 15] : 0, end) else {
                                return false
                            }
                        }
                    }
                    return true
                }
            }
        }
    }
}
