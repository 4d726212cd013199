import Foundation
import Languages

/// Characters in the one form that is meant: letters and digits at half width, Chinese marks at full width, no
/// controls, no invisible characters, one kind of space and of line end, composed accents (NFC).
///
/// Chinese punctuation stays Chinese: `，` is left as it is unless Latin stands on both sides, and `,` between two Han
/// characters becomes `，`. What compatibility forms of Unicode (NFKC) would do to both is the reason for rules of our
/// own.
struct Normalize: DocumentStep {
    static let name = "normalize"

    let width: Bool
    let chineseMarks: Bool
    let spaces: Bool
    let blankLinesMax: Int
    /// Turns traditional characters into simplified ones; nil leaves them.
    private let simplified: SimplifiedChinese?
    /// Share of scalars that are U+FFFD: text whose encoding was lost.
    let brokenMax: Double?
    private let table: NormalizeTable

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        width = try table.bool("width", true)
        chineseMarks = try table.bool("chinese_marks", true)
        spaces = try table.bool("spaces", true)
        blankLinesMax = try table.count("blank_lines_max", 1)
        brokenMax = try table.optionalNumber("broken_max")
        let simplifies = try table.bool("simplified", false)
        try table.finish()
        self.table = NormalizeTable(width: width)
        do { simplified = simplifies ? try SimplifiedChinese.shipped() : nil } catch {
            throw .step(name: Self.name, reason: "\(error)")
        }
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        workspace.buffer.removeAll(keepingCapacity: true)
        workspace.buffer.reserveCapacity(document.text.count + 16)
        var pass = Pass(self, table)
        document.text.withUnsafeBufferPointer { buffer in
            guard let bytes = buffer.baseAddress else { return }
            CharacterTable.shared.withEntries { pass.run(bytes, buffer.count, $0, &workspace.buffer) }
        }
        workspace.takeBuffer(&document)
        if pass.needsComposing {
            // Rare: text with combining accents, or ideographs for compatibility.
            let text = String(decoding: document.text, as: UTF8.self).precomposedStringWithCanonicalMapping
            document.text = Array(text.utf8)
        }
        if let simplified, simplified.convert(&document.text) { workspace.measured("simplified", 1) }
        workspace.measured("controls", pass.controls)
        workspace.measured("width", pass.widths)
        workspace.measured("marks", pass.marks)
        _ = workspace.verdict.check(
            "broken_max", Double(pass.broken) / Double(max(1, document.text.count)), atMost: brokenMax)
    }

    /// The one pass.
    private struct Pass {
        var needsComposing = false
        private(set) var controls = 0
        private(set) var widths = 0
        private(set) var marks = 0
        private(set) var broken = 0
        private let step: Normalize
        private let table: NormalizeTable
        private var spacesPending = 0
        private var newlinesPending = 0
        private var hasAny = false
        /// Spaces at the start of a line, kept as they are: code is indented by them.
        private var indent = 0
        private var isAtLineStart = true
        private var previous: UInt32 = 0
        private var eatsSpace = false

        init(_ step: Normalize, _ table: NormalizeTable) {
            self.step = step
            self.table = table
        }

        mutating func run(
            _ bytes: UnsafePointer<UInt8>, _ count: Int, _ entries: UnsafePointer<UInt8>, _ output: inout [UInt8]
        ) {
            var place = 0
            while place < count {
                let byte = bytes[place]
                if byte > 0x20, byte < 0x7F {
                    flush(&output)
                    ascii(bytes, &place, count, entries, &output)
                    continue
                }
                let scalar = UTF8Text.next(bytes, &place, count)
                switch table.action(scalar) {
                case .keep: emit(scalar, &output)
                case .space: space(scalar)
                case .newline:
                    if scalar == 0x0D, place < count, bytes[place] == 0x0A { place += 1 }
                    newline()
                case .drop: controls += 1
                case .joiner:
                    // Means something between letters of other scripts and between emoji.
                    if previous > 0x5FF, !isEastAsian(previous, entries) {
                        emit(scalar, &output)
                    } else {
                        controls += 1
                    }
                case .broken: broken += 1
                case .compose:
                    needsComposing = true
                    emit(scalar, &output)
                case .mark: fullWidthMark(scalar, bytes, place, count, entries, &output)
                case .replace:
                    widths += 1
                    for other in table.replacement(scalar) { emit(other, &output) }
                }
            }
        }

        /// Printable ASCII up to the next byte of another kind.
        private mutating func ascii(
            _ bytes: UnsafePointer<UInt8>, _ place: inout Int, _ count: Int, _ entries: UnsafePointer<UInt8>,
            _ output: inout [UInt8]
        ) {
            if step.chineseMarks, previous > 0x7F, isHan(previous, entries),
                let mark = chineseMark(bytes, place, count, entries)
            {
                marks += 1
                emit(mark, &output)
                place += 1
                // Chinese has no space behind a mark.
                eatsSpace = true
                return
            }
            eatsSpace = false
            let start = place
            repeat { place += 1 } while place < count && bytes[place] > 0x20 && bytes[place] < 0x7F
            output.append(contentsOf: UnsafeBufferPointer(start: bytes + start, count: place - start))
            previous = UInt32(bytes[place - 1])
        }

        /// What an ASCII mark behind a Han character should be: nil to leave it.
        private func chineseMark(
            _ bytes: UnsafePointer<UInt8>, _ place: Int, _ count: Int, _ entries: UnsafePointer<UInt8>
        ) -> UInt32? {
            let mark: UInt32
            switch bytes[place] {
            case 0x2C: mark = 0xFF0C
            case 0x3B: mark = 0xFF1B
            case 0x3A: mark = 0xFF1A
            case 0x3F: mark = 0xFF1F
            case 0x21: mark = 0xFF01
            case 0x2E: mark = 0x3002
            default: return nil
            }
            guard let next = peek(bytes, place + 1, count, passesSpace: true) else {
                // A full stop within a line may belong to a name of a file; the others may belong to code.
                return mark == 0xFF1A || mark == 0xFF0C ? nil : mark
            }
            return mark != 0x3002 && isHan(next, entries) ? mark : nil
        }

        /// What will stand at a place of the text; nil at the end of a line.
        private func peek(
            _ bytes: UnsafePointer<UInt8>, _ place: Int, _ count: Int, passesSpace: Bool
        ) -> UInt32? {
            var place = place
            while place < count {
                let scalar = UTF8Text.next(bytes, &place, count)
                switch table.action(scalar) {
                case .drop, .broken, .joiner: continue
                case .space: if !passesSpace { return 0x20 }
                case .newline: return nil
                case .replace: return table.replacement(scalar).first
                case .keep, .compose, .mark: return scalar
                }
            }
            return nil
        }

        private mutating func fullWidthMark(
            _ scalar: UInt32, _ bytes: UnsafePointer<UInt8>, _ place: Int, _ count: Int,
            _ entries: UnsafePointer<UInt8>, _ output: inout [UInt8]
        ) {
            guard isLatin(previous), let next = peek(bytes, place, count, passesSpace: false), isLatin(next) else {
                return emit(scalar, &output)
            }
            widths += 1
            emit(scalar - 0xFEE0, &output)
            // English has a space behind these.
            if scalar != 0xFF08, scalar != 0xFF09 { spacesPending = 1 }
        }

        private func isLatin(_ scalar: UInt32) -> Bool {
            (0x30...0x39).contains(scalar) || (0x41...0x5A).contains(scalar) || (0x61...0x7A).contains(scalar)
        }

        @inline(__always)
        private func isHan(_ scalar: UInt32, _ entries: UnsafePointer<UInt8>) -> Bool {
            CharacterTable.entry(scalar, entries) & CharacterTable.kindMask == CharacterKind.han.rawValue
        }

        private func isEastAsian(_ scalar: UInt32, _ entries: UnsafePointer<UInt8>) -> Bool {
            CharacterKind(rawValue: CharacterTable.entry(scalar, entries) & CharacterTable.kindMask)?.isEastAsian
                == true
        }

        @inline(__always)
        private mutating func emit(_ scalar: UInt32, _ output: inout [UInt8]) {
            flush(&output)
            UTF8Text.append(scalar, to: &output)
            previous = scalar
            eatsSpace = false
        }

        private mutating func space(_ scalar: UInt32) {
            if isAtLineStart {
                // The ideographic space begins paragraphs, which line ends say already.
                if scalar != 0x3000 { indent += scalar == 0x09 ? 4 : 1 }
            } else if !eatsSpace {
                spacesPending += 1
            }
        }

        private mutating func newline() {
            newlinesPending += 1
            (spacesPending, indent, isAtLineStart) = (0, 0, true)
        }

        /// Writes the space and line ends that wait before something solid.
        @inline(__always)
        private mutating func flush(_ output: inout [UInt8]) {
            guard isAtLineStart || spacesPending > 0 else { return }
            flushSpace(&output)
        }

        private mutating func flushSpace(_ output: inout [UInt8]) {
            if newlinesPending > 0, hasAny {
                let count = min(newlinesPending, step.blankLinesMax + 1)
                output.append(contentsOf: repeatElement(0x0A, count: count))
            }
            if isAtLineStart, indent > 0, hasAny { output.append(contentsOf: repeatElement(0x20, count: indent)) }
            if spacesPending > 0 {
                output.append(contentsOf: repeatElement(0x20, count: step.spaces ? 1 : spacesPending))
            }
            if newlinesPending > 0 { previous = 0x0A }
            (newlinesPending, spacesPending, indent, isAtLineStart, hasAny) = (0, 0, 0, false, true)
        }
    }
}
