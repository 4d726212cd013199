/// Runs of marks, laughter and faces made of marks: measured, and limited to what writing has.
///
/// A run of one mark is cut to `run_max`, one of full stops becomes the ellipsis of its language: `……` behind
/// Chinese, which is good Chinese and stays, `...` elsewhere. Lines that are nothing but marks, such as rules and
/// frames, are left alone.
struct Marks: DocumentStep {
    static let name = "marks"

    let runMax: Int
    let ellipsis: Bool
    /// A Han character or letter that is repeated more often is laughter or a cry; 0 leaves all.
    let lettersMax: Int
    let removesFaces: Bool
    let runsMax: Double?
    let facesMax: Double?
    let emojiMax: Double?

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        runMax = max(1, try table.count("run_max", 1))
        ellipsis = try table.bool("ellipsis", true)
        lettersMax = try table.count("letters_max", 0)
        removesFaces = try table.bool("remove_faces", false)
        runsMax = try table.optionalNumber("runs_per_thousand_max")
        facesMax = try table.optionalNumber("faces_per_thousand_max")
        emojiMax = try table.optionalNumber("emoji_per_thousand_max")
        try table.finish()
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        workspace.buffer.removeAll(keepingCapacity: true)
        var pass = Pass(self)
        document.text.withUnsafeBufferPointer { buffer in
            guard let bytes = buffer.baseAddress else { return }
            CharacterTable.shared.withEntries { pass.run(bytes, buffer.count, $0, &workspace.buffer) }
        }
        let before = document.text.count
        if pass.isChanged {
            workspace.takeBuffer(&document)
            workspace.trimmed("run_max", parts: pass.cutRuns, bytes: max(0, before - document.text.count))
        }
        workspace.measured("runs", pass.runs)
        workspace.measured("faces", pass.faces)
        workspace.measured("emoji", pass.emoji)
        let thousands = 1000 / Double(max(1, pass.scalars))
        if workspace.verdict.check("runs_per_thousand_max", Double(pass.runs) * thousands, atMost: runsMax)
            || workspace.verdict.check("faces_per_thousand_max", Double(pass.faces) * thousands, atMost: facesMax)
        {
            return
        }
        _ = workspace.verdict.check("emoji_per_thousand_max", Double(pass.emoji) * thousands, atMost: emojiMax)
    }

    /// The one pass; scalars are looked at in runs of the same one.
    private struct Pass {
        private(set) var scalars = 0
        private(set) var runs = 0
        private(set) var cutRuns = 0
        private(set) var faces = 0
        private(set) var emoji = 0
        private(set) var isChanged = false
        private let step: Marks

        init(_ step: Marks) { self.step = step }

        mutating func run(
            _ bytes: UnsafePointer<UInt8>, _ count: Int, _ entries: UnsafePointer<UInt8>, _ output: inout [UInt8]
        ) {
            var place = 0
            var copied = 0
            var previous = CharacterKind.newline
            while place < count {
                let start = place
                // Most of the text: a letter, digit or space that no other follows of its kind.
                let byte = bytes[place]
                if byte < 0x80, byte != 0x28, place + 1 < count, bytes[place + 1] != byte {
                    place += 1
                    scalars += 1
                    if byte != 0x20 { previous = Self.kind(UInt32(byte), entries) }
                    continue
                }
                let scalar = UTF8Text.next(bytes, &place, count)
                let kind = Self.kind(scalar, entries)
                let first = place
                var times = 1
                while place < count, bytes[place] == bytes[start] {
                    var next = place
                    guard UTF8Text.next(bytes, &next, count) == scalar else { break }
                    place = next
                    times += 1
                }
                scalars += times
                if kind == .emoji { emoji += times }
                if step.isFaceOpen(scalar), times == 1,
                    let end = Faces.end(bytes, first, count, entries)
                {
                    faces += 1
                    if step.removesFaces {
                        output.append(contentsOf: UnsafeBufferPointer(start: bytes + copied, count: start - copied))
                        (copied, isChanged, cutRuns) = (end, true, cutRuns + 1)
                    }
                    place = end
                } else if let kept = keeps(scalar, kind, times, previous) {
                    runs += 1
                    let isAlone = kind == .mark && previous == .newline && (place == count || bytes[place] == 0x0A)
                    if !isAlone, kept.scalar != scalar || kept.times != times {
                        output.append(contentsOf: UnsafeBufferPointer(start: bytes + copied, count: start - copied))
                        for _ in 0..<kept.times { UTF8Text.append(kept.scalar, to: &output) }
                        (copied, isChanged, cutRuns) = (place, true, cutRuns + 1)
                    }
                }
                if kind != .space { previous = kind == .mark && Self.isChineseMark(scalar) ? .han : kind }
            }
            if isChanged {
                output.append(contentsOf: UnsafeBufferPointer(start: bytes + copied, count: count - copied))
            }
        }

        /// What a run becomes; nil when it is no run.
        private func keeps(
            _ scalar: UInt32, _ kind: CharacterKind, _ times: Int, _ previous: CharacterKind
        ) -> (scalar: UInt32, times: Int)? {
            switch scalar {
            case 0x2E:
                // Two are a slip or a path; three and more an ellipsis.
                guard times >= 3, step.ellipsis else { return nil }
                return previous.isEastAsian ? (0x2026, 2) : (0x2E, 3)
            case 0x3002, 0xFF0E, 0xFF61:
                guard times >= 2 else { return nil }
                return step.ellipsis && times >= 3 ? (0x2026, 2) : (scalar, min(times, step.runMax))
            case 0x2026:
                // Chinese has two of them; one alone is left as it is.
                guard times >= 3 else { return nil }
                return (scalar, previous.isEastAsian ? 2 : 1)
            case 0x2014:
                guard times >= 3 else { return nil }
                return (scalar, 2)
            case 0x21, 0x3F, 0xFF01, 0xFF1F, 0xFF0C, 0x3001, 0xFF1B, 0xFF1A, 0xFF5E, 0x301C, 0x7E, 0x2C, 0x3B:
                guard times >= 2 else { return nil }
                return (scalar, min(times, step.runMax))
            default:
                guard step.lettersMax > 0, times > step.lettersMax, kind == .han || kind == .letter || kind == .emoji
                else { return nil }
                return (scalar, step.lettersMax)
            }
        }

        private static func isChineseMark(_ scalar: UInt32) -> Bool {
            (0x3001...0x301F).contains(scalar) || (0xFF01...0xFF5E).contains(scalar)
                || (0x2018...0x201D).contains(scalar)
        }

        @inline(__always)
        private static func kind(_ scalar: UInt32, _ entries: UnsafePointer<UInt8>) -> CharacterKind {
            CharacterKind(rawValue: CharacterTable.entry(scalar, entries) & CharacterTable.kindMask) ?? .other
        }
    }

    @inline(__always)
    private func isFaceOpen(_ scalar: UInt32) -> Bool { scalar == 0x28 || scalar == 0xFF08 }
}
