import Dialogue

/// Finds training examples that contain parts of an evaluation.
///
///     var contamination = Contamination()
///     try contamination.add(evaluation: "gsm8k-test.jsonl.gz")
///     contamination.overlap(with: example)?.text        // "janet s ducks lay 16 eggs per day she eats three"
///
/// Two texts overlap where 13 units in a row are the same: words, or Han characters (`TextUnits`). A text of an
/// evaluation that is shorter counts as a whole, when it has at least 8 units, against whole messages; still shorter
/// ones ("A", "42") say nothing. System messages are not looked at: whoever writes one did not copy a test.
package struct Contamination: Sendable {
    package struct Overlap: Sendable {
        package var source: SourceLine
        /// Where the evaluation has it.
        package var evaluation: SourceLine
        /// What both have.
        package var text: String
    }

    package static let unitsInRow = 13
    package static let unitsMin = 8

    /// The first item with each run of units.
    private var runs: [UInt64: UInt32] = [:]
    /// The first item with each short text.
    private var wholes: [UInt64: UInt32] = [:]
    private var items: [SourceLine] = []
    /// Items that some example overlaps with.
    private var hit: Set<UInt32> = []
    /// Examples that overlap.
    package private(set) var exampleCount = 0

    package init() {}

    /// Items of all evaluations.
    package var itemCount: Int { items.count }
    package var itemsFound: Int { hit.count }

    /// - Throws: `InstructionsError.badEvaluation`.
    package mutating func add(evaluation path: String) throws {
        try EvaluationTexts.forEach(path: path) { item in
            add(item.texts, at: item.source)
        }
    }

    /// Takes an example for an item of an evaluation: what is held out must not be like it.
    package mutating func add(heldOut example: InstructionExample) {
        add(example.parts.flatMap(\.messages).filter(Self.isCompared).map(\.content), at: example.source)
    }

    private mutating func add(_ texts: [String], at source: SourceLine) {
        let number = UInt32(truncatingIfNeeded: items.count)
        items.append(source)
        for text in texts {
            let units = TextUnits(text)
            if (Self.unitsMin..<Self.unitsInRow).contains(units.count) {
                wholes[units.hash] = wholes[units.hash] ?? number
            }
            Self.forEachRun(units.hashes) { _, hash in runs[hash] = runs[hash] ?? number }
        }
    }

    private static func isCompared(_ message: Message) -> Bool {
        message.role != .system && message.role != .developer
    }

    /// The first place where an example has what an evaluation has; counts the example and all items that it has parts
    /// of. An item whose parts other items have too may not be counted: a run of units names the first that has it.
    package mutating func overlap(with example: InstructionExample) -> Overlap? {
        var first: Overlap?
        for message in example.parts.flatMap(\.messages) where Self.isCompared(message) {
            let units = TextUnits(message.content)
            let matches = matches(units)
            for match in matches { hit.insert(match.item) }
            if first == nil, let match = matches.first {
                first = Overlap(
                    source: example.source, evaluation: items[Int(match.item)], text: units.text(match.units))
            }
        }
        if first != nil { exampleCount += 1 }
        return first
    }

    private func matches(_ units: TextUnits) -> [(item: UInt32, units: Range<Int>)] {
        if (Self.unitsMin..<Self.unitsInRow).contains(units.count) {
            return wholes[units.hash].map { [($0, 0..<units.count)] } ?? []
        }
        var found: [(item: UInt32, units: Range<Int>)] = []
        Self.forEachRun(units.hashes) { start, hash in
            if let item = runs[hash] { found.append((item, start..<start + Self.unitsInRow)) }
        }
        return found
    }

    /// A polynomial over the units, moved on by one unit at a time.
    private static func forEachRun(_ units: [UInt64], _ body: (_ start: Int, _ hash: UInt64) -> Void) {
        guard units.count >= unitsInRow else { return }
        let base: UInt64 = 0x9e37_79b9_7f4a_7c15
        let leaving = (1..<unitsInRow).reduce(UInt64(1)) { power, _ in power &* base }
        var sum: UInt64 = 0
        for (place, unit) in units.enumerated() {
            if place >= unitsInRow { sum = sum &- units[place - unitsInRow] &* leaving }
            sum = sum &* base &+ unit
            if place >= unitsInRow - 1 { body(place - unitsInRow + 1, TextUnits.mixed(sum)) }
        }
    }
}
