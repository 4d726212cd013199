/// Cuts text into the pieces that a byte-pair model never merges across.
///
/// Each step cuts the pieces of the step before. All steps are hand-written scanners of known patterns, linear in the
/// text; there is no general regular expression engine.
struct PreTokenizer: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case words(WordPattern)
        case casedWords(CasedWordPattern)
        case deepSeek3(DeepSeek3Pattern)
        case runs(RunPattern)
        /// Only after all steps that read scalars.
        case byteRuns(ByteRunPattern)
        /// `\s+$`: white space at the end of a piece.
        case trailingSpace
        /// `(?=(\d{3})+(?!\d))`: digits in threes from the right.
        case thousands
        /// A piece begins at every space.
        case beforeSpaces
        /// Runs of anything but white space; white space is left out.
        case nonSpaces
    }

    let steps: [Step]
    private let leavesOutSpace: Bool

    init(steps: [Step]) {
        self.steps = steps
        leavesOutSpace = steps.contains(.nonSpaces)
    }

    /// Calls `body` with start and end of each piece of `text[start..<limit]`, in order, leaving nothing out (but see
    /// `nonSpaces`).
    @inline(__always)
    func forEachPiece(_ text: [UInt8], _ start: Int, _ limit: Int, _ body: (Int, Int) -> Void) {
        let reader = ScalarReader()
        if steps.count == 1, case .words(let pattern) = steps[0] {
            var i = start
            while i < limit {
                let end = pattern.end(text, i, limit, reader)
                body(i, end)
                i = end
            }
        } else {
            cut(text, start, limit, 0, reader, body)
        }
    }

    private func cut(
        _ text: [UInt8], _ start: Int, _ limit: Int, _ step: Int, _ reader: ScalarReader, _ body: (Int, Int) -> Void
    ) {
        // Nothing cuts a single byte; most pieces of some steps are one line break.
        if step == steps.count || (limit - start == 1 && !leavesOutSpace) {
            if start < limit { body(start, limit) }
            return
        }
        if case .thousands = steps[step] {
            return ThousandsPattern.forEachPiece(text, start, limit) { cut(text, $0, $1, step + 1, reader, body) }
        }
        var i = start
        while i < limit {
            let end = end(steps[step], text, i, limit, reader)
            if case .nonSpaces = steps[step], reader.unit(text, i).isSpace {
                i = end
                continue
            }
            cut(text, i, end, step + 1, reader, body)
            i = end
        }
    }

    private func end(_ step: Step, _ text: [UInt8], _ i: Int, _ limit: Int, _ reader: ScalarReader) -> Int {
        switch step {
        case .words(let pattern): pattern.end(text, i, limit, reader)
        case .casedWords(let pattern): pattern.end(text, i, limit, reader)
        case .deepSeek3(let pattern): pattern.end(text, i, limit, reader)
        case .runs(let pattern): pattern.end(text, i, limit, reader)
        case .byteRuns(let pattern): pattern.end(text, i, limit)
        case .thousands: limit
        case .trailingSpace: Self.trailingSpace(text, i, limit, reader)
        case .beforeSpaces: text[(i + 1)..<limit].firstIndex(of: 0x20) ?? limit
        case .nonSpaces:
            reader.unit(text, i).isSpace
                ? reader.endOfRun(text, i, limit, of: ScalarClasses.space)
                : reader.endOfRun(text, i, limit, without: ScalarClasses.space)
        }
    }

    private static func trailingSpace(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int {
        var tail = limit
        while tail > start {
            var previous = tail - 1
            while previous > start, text[previous] & 0xC0 == 0x80 { previous -= 1 }
            if !reader.unit(text, previous).isSpace { break }
            tail = previous
        }
        return tail == start ? limit : tail
    }
}
