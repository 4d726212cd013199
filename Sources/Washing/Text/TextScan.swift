/// What one pass over a text finds: lines, words and counts, which the rules of all steps share. Its arrays are used
/// again for the next text. Not thread-safe.
///
/// A word is a run of letters and digits, or one Han character or kana: published rules that count words count
/// characters in Chinese, and have their own limits there.
package final class TextScan {
    package struct Line {
        /// Without the space around it.
        package var start: Int32
        package var end: Int32
        package var scalars: Int32
        package var words: Int32
        package var hash: UInt64
        /// A `terminal` mark is its last.
        package var isEnded: Bool
        package var endsInEllipsis: Bool
        package var startsWithBullet: Bool
        /// The first line of a paragraph: the line before it is empty.
        package var opensParagraph: Bool
        /// Neither of code nor of a table, and with words in it: what rules for lines of prose are about.
        package var isProse: Bool
    }

    /// Lines that are not empty.
    // Unchecked: the pass alone writes them, a word at a time.
    @exclusivity(unchecked) package private(set) var lines: [Line] = []
    @exclusivity(unchecked) package private(set) var wordStarts: [Int32] = []
    @exclusivity(unchecked) package private(set) var wordEnds: [Int32] = []
    @exclusivity(unchecked) package private(set) var wordHashes: [UInt64] = []

    package private(set) var counts = Counts()
    /// Of lines of prose alone; of the whole text where there is hardly any prose.
    package private(set) var prose = Counts()
    /// Bytes of the text without those of code and tables.
    package private(set) var proseBytes = 0
    package var words: Int { wordHashes.count }

    /// A text of which less is prose is code or a table as a whole, and its lines are judged as any.
    private static let proseShareMin = 0.2

    package init() {}

    package func scan(_ text: [UInt8]) {
        lines.removeAll(keepingCapacity: true)
        wordStarts.removeAll(keepingCapacity: true)
        wordEnds.removeAll(keepingCapacity: true)
        wordHashes.removeAll(keepingCapacity: true)
        counts = Counts()
        prose = counts
        proseBytes = text.count
        text.withUnsafeBufferPointer { buffer in
            guard let bytes = buffer.baseAddress else { return }
            CharacterTable.shared.withEntries { entries in
                var pass = Pass(bytes: bytes, count: buffer.count, entries: entries)
                pass.run(self)
                counts = pass.counts
                takeProse(pass)
            }
        }
    }

    private func takeProse(_ pass: Pass) {
        guard pass.code.words > 0 || pass.codeBytes > 0 else {
            prose = counts
            return
        }
        guard Double(words - pass.code.words) >= Self.proseShareMin * Double(words) else {
            prose = counts
            for place in lines.indices { lines[place].isProse = lines[place].words > 0 }
            return
        }
        prose = counts.without(pass.code)
        proseBytes -= pass.codeBytes
    }

    /// The one pass.
    private struct Pass {
        let bytes: UnsafePointer<UInt8>
        let count: Int
        let entries: UnsafePointer<UInt8>
        var counts = Counts()
        /// Of lines that are no prose.
        private(set) var code = Counts()
        private(set) var codeBytes = 0
        private var countsBefore = Counts()
        private var rawStart = 0
        private var isInFence = false
        private var functionWords: UInt8 = 0
        private var lineStart = -1
        private var lineEnd = 0
        private var lineScalars = 0
        private var lineWords = 0
        private var lastEntry: UInt8 = 0
        private var lastScalar: UInt32 = 0
        private var dots = 0
        private var firstEntry: UInt8 = 0
        private var blankBefore = true
        private var isInSentence = false

        init(bytes: UnsafePointer<UInt8>, count: Int, entries: UnsafePointer<UInt8>) {
            self.bytes = bytes
            self.count = count
            self.entries = entries
        }

        mutating func run(_ scan: TextScan) {
            var place = 0
            while place < count {
                let start = place
                let scalar = UTF8Text.next(bytes, &place, count)
                let entry = CharacterTable.entry(scalar, entries)
                counts.scalars += 1
                switch CharacterKind(rawValue: entry & CharacterTable.kindMask) ?? .other {
                case .newline:
                    endLine(scan)
                    rawStart = place
                case .space: counts.spaces += 1
                case .letter, .digit: word(start, &place, scan)
                case .han:
                    counts.han += 1
                    single(start, place, entry, scan)
                case .kana:
                    counts.kana += 1
                    single(start, place, entry, scan)
                case .hangul:
                    counts.hangul += 1
                    single(start, place, entry, scan)
                case .mark, .emoji, .other: mark(start, place, scalar, entry)
                }
            }
            endLine(scan)
            counts.functionWords = functionWords.nonzeroBitCount
        }

        /// A scalar of the line that is not space.
        @inline(__always)
        private mutating func solid(_ start: Int, _ end: Int, _ scalar: UInt32, _ entry: UInt8) {
            if lineStart < 0 {
                lineStart = start
                firstEntry = entry
            }
            lineEnd = end
            lastEntry = entry
            lastScalar = scalar
        }

        private mutating func mark(_ start: Int, _ end: Int, _ scalar: UInt32, _ entry: UInt8) {
            let isDot = scalar == 0x2E
            let isNext = lineEnd == start
            solid(start, end, scalar, entry)
            lineScalars += 1
            dots = isDot ? (isNext ? dots + 1 : 1) : 0
            if scalar == 0x2026 || dots == 3 { counts.ellipses += 1 }
            if entry & CharacterTable.kindMask == CharacterKind.emoji.rawValue {
                counts.emoji += 1
            } else {
                counts.marks += 1
            }
            // Those at a line's beginning are a heading's.
            if scalar == 0x23, bytes[lineStart] != 0x23 { counts.hashSigns += 1 }
            if scalar == 0x7B { counts.braces += 1 }
            if entry & CharacterTable.terminal != 0, isInSentence {
                counts.sentences += 1
                isInSentence = false
            }
        }

        @inline(__always)
        private mutating func single(_ start: Int, _ end: Int, _ entry: UInt8, _ scan: TextScan) {
            solid(start, end, 0, entry)
            lineScalars += 1
            isInSentence = true
            var hash: UInt64 = 0
            for place in start..<end { hash = hash << 8 | UInt64(bytes[place]) }
            add(start, end, hash &* 0x9E37_79B9_7F4A_7C15, scan)
            counts.wordScalars += 1
            counts.letteredWords += 1
        }

        /// A run of letters and digits whose first scalar was read already.
        private mutating func word(_ start: Int, _ place: inout Int, _ scan: TextScan) {
            var (hash, end, scalars, lettered) = (UInt64(0x51_7C_C1_B7), start, 0, 0)
            var entry: UInt8 = 0
            var next = start
            while next < count {
                let before = next
                let scalar = UTF8Text.next(bytes, &next, count)
                let own = CharacterTable.entry(scalar, entries)
                let kind = own & CharacterTable.kindMask
                let isLetter = kind == CharacterKind.letter.rawValue
                guard isLetter || kind == CharacterKind.digit.rawValue || joins(scalar, before, next) else {
                    next = before
                    break
                }
                // ASCII without case; a word hashes the same at the start of a sentence.
                let folded = scalar < 0x80 && scalar >= 0x41 && scalar <= 0x5A ? scalar | 0x20 : scalar
                hash = (hash ^ UInt64(folded)) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
                scalars += 1
                lettered += isLetter ? 1 : 0
                entry = own
                end = next
            }
            place = end
            counts.scalars += scalars - 1
            counts.letters += lettered
            counts.digits += scalars - lettered
            counts.wordScalars += scalars
            if lettered > 0 { counts.letteredWords += 1 }
            solid(start, end, 0, entry)
            lineScalars += scalars
            isInSentence = true
            if end - start <= 4 { functionWord(start, end) }
            add(start, end, hash, scan)
        }

        /// An apostrophe within a word, as in "don't".
        @inline(__always)
        private func joins(_ scalar: UInt32, _ start: Int, _ next: Int) -> Bool {
            guard scalar == 0x27 || scalar == 0x2019, next < count else { return false }
            var place = next
            let after = UTF8Text.next(bytes, &place, count)
            return CharacterTable.entry(after, entries) & CharacterTable.kindMask == CharacterKind.letter.rawValue
        }

        @inline(__always)
        private mutating func add(_ start: Int, _ end: Int, _ hash: UInt64, _ scan: TextScan) {
            lineWords += 1
            dots = 0
            counts.words += 1
            scan.wordStarts.append(Int32(truncatingIfNeeded: start))
            scan.wordEnds.append(Int32(truncatingIfNeeded: end))
            scan.wordHashes.append(hash)
        }

        /// Gopher's: the, be, to, of, and, that, have, with.
        private mutating func functionWord(_ start: Int, _ end: Int) {
            var value: UInt32 = 0
            for place in start..<end { value = value << 8 | UInt32(bytes[place] | 0x20) }
            switch value {
            case 0x74_6865: functionWords |= 1
            case 0x6265: functionWords |= 2
            case 0x746F: functionWords |= 4
            case 0x6F66: functionWords |= 8
            case 0x61_6E64: functionWords |= 16
            case 0x7468_6174: functionWords |= 32
            case 0x6861_7665: functionWords |= 64
            case 0x7769_7468: functionWords |= 128
            default: break
            }
        }

        private mutating func endLine(_ scan: TextScan) {
            defer {
                (lineStart, lineScalars, lineWords, dots) = (-1, 0, 0, 0)
                isInSentence = false
                countsBefore = counts
            }
            guard lineStart >= 0 else {
                blankBefore = true
                return
            }
            let isEllipsis = lastScalar == 0x2026 || dots >= 3
            let isCode = isCode()
            if isCode {
                code = code.without(countsBefore.without(counts))
                codeBytes += lineEnd - rawStart + 1
            }
            scan.lines.append(
                Line(
                    start: Int32(truncatingIfNeeded: lineStart), end: Int32(truncatingIfNeeded: lineEnd),
                    scalars: Int32(truncatingIfNeeded: lineScalars), words: Int32(truncatingIfNeeded: lineWords),
                    hash: Hashing.hash(bytes + lineStart, lineEnd - lineStart),
                    isEnded: lastEntry & CharacterTable.terminal != 0, endsInEllipsis: isEllipsis,
                    startsWithBullet: firstEntry & CharacterTable.bullet != 0, opensParagraph: blankBefore,
                    isProse: !isCode && lineWords > 0))
            blankBefore = false
        }

        private static let codeIndent = 4
        /// A line of so many words that ends a sentence is none of code, however far it is indented.
        private static let sentenceWords = 6

        /// Whether the line is in a fence of Markdown's or one, is a table's row, or is indented as code is.
        private mutating func isCode() -> Bool {
            let first = bytes[lineStart]
            let count = lineEnd - lineStart
            if count >= 3, first == 0x60 || first == 0x7E, bytes[lineStart + 1] == first, bytes[lineStart + 2] == first
            {
                isInFence.toggle()
                return true
            }
            if isInFence || first == 0x7C { return true }
            if first == 0x2B, count >= 3, bytes[lineStart + 1] == 0x2D || bytes[lineStart + 1] == 0x3D { return true }
            guard firstEntry & CharacterTable.bullet == 0, !(0x30...0x39).contains(first) else { return false }
            if lastEntry & CharacterTable.terminal != 0, lineWords >= Self.sentenceWords { return false }
            return TextScan.indent(bytes, rawStart, lineStart) >= Self.codeIndent
        }
    }

    /// Columns of white space at a line's beginning.
    static func indent(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var columns = 0
        for place in start..<end where bytes[place] & 0xC0 != 0x80 { columns += bytes[place] == 0x09 ? 4 : 1 }
        return columns
    }
}
