/// Compares suffixes that have much in common, and remembers where they cease to, so that copies are read once.
///
/// When the texts at A and B are the same for long, so are those at A + 1 and B + 1, and they cease at the same place:
/// what one comparison finds, thousands that follow would find again. A run is kept by its distance B - A and the block
/// of the text that its lower end begins in; of runs that share a slot the last one stays.
struct EqualRuns {
    /// How a run ends.
    private enum End: UInt8 {
        /// Nobody has looked further.
        case open
        /// What lies lower in the text, or higher, comes first.
        case lowerFirst, higherFirst
        /// Both texts end.
        case same
    }

    private struct Run {
        /// 0 is a free slot.
        var distance = 0
        /// Of the lower text: its bytes from `start` to `end` are the same as those `distance` further on.
        var start = 0
        var end = 0
        var kind = End.open
    }

    private static let slots = 1 << 16
    private static let blockBytes = SuffixSorter.depthBytes
    /// Shorter runs are found again as fast.
    private static let bytesMin = 256

    private let text: SuffixText
    private var runs: [Run]

    init(_ text: SuffixText) {
        self.text = text
        runs = Array(repeating: Run(), count: Self.slots)
    }

    /// Whether the suffix at `a` comes before the one at `b`, both in bytes; of those that are the same to the depth of
    /// sorting the one whose place is lower.
    ///
    /// - Parameter known: bytes that are the same.
    mutating func precedes(_ a: Int, _ b: Int, known: Int) -> Bool {
        guard a != b else { return false }
        let low = min(a, b)
        switch end(low, max(a, b) - low, known) {
        case .higherFirst: return a > b
        case .lowerFirst, .same, .open: return a < b
        }
    }

    private mutating func end(_ low: Int, _ distance: Int, _ known: Int) -> End {
        let limit = low + SuffixSorter.depthBytes
        var (place, kind) = (low + known, End.open)
        // Where a run that is known may lie: from the block of the beginning on, block by block.
        var next = low
        while kind == .open, place < limit {
            if place >= next {
                let at = next == low ? low : place
                let run = runs[slot(distance, at)]
                let isKnown = run.distance == distance && run.start / Self.blockBytes == at / Self.blockBytes
                if isKnown, run.start <= place, run.end > place {
                    (place, kind) = (run.end, run.kind)
                    next = place
                } else {
                    next = isKnown && run.start > place ? run.start : (place / Self.blockBytes + 1) * Self.blockBytes
                }
                continue
            }
            let (here, there) = (text.key(place), text.key(place + distance))
            if here != there {
                place += (here ^ there).leadingZeroBitCount / 8
                kind = here < there ? .lowerFirst : .higherFirst
            } else {
                place += 8
                if text.ends(here) != 0 { kind = .same }
            }
        }
        keep(Run(distance: distance, start: low, end: place, kind: kind))
        return place < limit ? kind : .same
    }

    private mutating func keep(_ run: Run) {
        guard run.end - run.start >= Self.bytesMin else { return }
        let slot = slot(run.distance, run.start)
        let old = runs[slot]
        // One that begins before and reaches here says more, once it knows the end too.
        if old.distance == run.distance, old.start < run.start, old.end >= run.start,
            old.start / Self.blockBytes == run.start / Self.blockBytes
        {
            guard run.end > old.end else { return }
            (runs[slot].end, runs[slot].kind) = (run.end, run.kind)
        } else {
            runs[slot] = run
        }
    }

    private func slot(_ distance: Int, _ place: Int) -> Int {
        let block = UInt64(place / Self.blockBytes)
        let mixed = (UInt64(distance) &* 0x9e37_79b9_7f4a_7c15 ^ block) &* 0xbf58_476d_1ce4_e5b9
        // 16 bits: as many as there are slots.
        return Int(mixed >> 48)
    }
}
