/// Writes the text of nodes: marks become what they stand for, white space is made one, and words are counted.
struct TextWriter {
    private(set) var text: [UInt8] = []
    private let page: UnsafeBufferPointer<UInt8>
    private let segments: [Range<Int>]
    private var isInLink = false
    /// Words since the link began; one that goes on for longer was never closed.
    private var wordsOfLink: Float = 0
    private static let wordsOfLinkMax: Float = 120
    private var measure = TextMeasure()
    private var start = 0
    private var isInWord = false
    /// White space that has been read and not written, and whether a line ended in it.
    private var pendingSpace = false
    private var pendingLineEnd = false
    private var isPreformatted = false

    init(page: UnsafeBufferPointer<UInt8>, segments: [Range<Int>]) {
        self.page = page
        self.segments = segments
        text.reserveCapacity(page.count / 2)
    }

    /// Appends one node's text, without white space at its ends; returns what it amounts to.
    mutating func write(_ words: UnsafePointer<CChar>?, isPreformatted: Bool) -> TextMeasure {
        guard let words else { return TextMeasure() }
        measure = TextMeasure()
        start = text.count
        (isInWord, pendingSpace, pendingLineEnd) = (false, false, false)
        self.isPreformatted = isPreformatted
        words.withMemoryRebound(to: UInt8.self, capacity: 1) { bytes in
            var index = 0
            while bytes[index] != 0 {
                if bytes[index] == PageSieve.Mark.lead, bytes[index + 1] == PageSieve.Mark.middle,
                    (PageSieve.Mark.segment...PageSieve.Mark.lineBreak).contains(bytes[index + 2])
                {
                    let kind = bytes[index + 2]
                    index += 3
                    read(mark: kind, bytes, &index)
                } else {
                    let from = index
                    while bytes[index] != 0, bytes[index] != PageSieve.Mark.lead { index += 1 }
                    // A lead byte that begins no mark is a character's.
                    if index == from { index += 1 }
                    append(UnsafeBufferPointer(start: bytes + from, count: index - from))
                }
            }
        }
        finish()
        return measure
    }

    private mutating func read(mark: UInt8, _ bytes: UnsafePointer<UInt8>, _ index: inout Int) {
        switch mark {
        case PageSieve.Mark.linkStart:
            isInLink = true
            wordsOfLink = 0
            measure.links += 1
        case PageSieve.Mark.linkEnd: isInLink = false
        case PageSieve.Mark.lineBreak: lineBreak()
        default:
            var number = 0
            for _ in 0..<PageSieve.Mark.digits {
                let digit = bytes[index]
                // A character reference can forge a mark, but not its number.
                guard digit >= UInt8(ascii: "A"), digit < UInt8(ascii: "A") + 32 else { return }
                number = number << 5 | Int(digit - UInt8(ascii: "A"))
                index += 1
            }
            if number < segments.count { append(UnsafeBufferPointer(rebasing: page[segments[number]])) }
        }
    }

    private mutating func lineBreak() {
        while !isPreformatted, text.count > start, text.last == 0x20 { text.removeLast() }
        text.append(0x0A)
        (isInWord, pendingSpace, pendingLineEnd) = (false, false, false)
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                ascii(byte)
                index += 1
                continue
            }
            let length = Self.length(bytes, index)
            guard length > 0 else {
                flushSpace(before: 0xFFFD)
                text += [0xEF, 0xBF, 0xBD]
                index += 1
                continue
            }
            scalar(bytes, index, length)
            index += length
        }
    }

    @inline(__always)
    private mutating func ascii(_ byte: UInt8) {
        guard byte > 0x20 else {
            if isPreformatted {
                if byte == 0x0A || byte == 0x09 || byte == 0x20 { text.append(byte) }
            } else if byte != 0 {
                if !pendingSpace { countMark() }
                pendingSpace = true
                if byte == 0x0A { pendingLineEnd = true }
            }
            isInWord = false
            return
        }
        if pendingSpace { flushSpace(before: UInt32(byte)) }
        text.append(byte)
        let lower = byte | 0x20
        if lower >= 0x61 && lower <= 0x7A || byte >= 0x30 && byte <= 0x39 {
            if !isInWord { count(1) }
            isInWord = true
        } else if byte != 0x27 {
            isInWord = false
        }
    }

    /// A mark before white space ends a sentence or part of one; within numbers and names it does not.
    @inline(__always)
    private mutating func countMark() {
        guard text.count > start, let last = text.last else { return }
        switch last {
        case 0x2E, 0x2C, 0x21, 0x3F, 0x3B: measure.marks += 1
        default: break
        }
    }

    private mutating func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int) {
        let value = Self.value(bytes, index, length)
        if value == 0xA0 || value == 0x3000 || value == 0xFEFF || value == 0x200B {
            if isPreformatted { text.append(0x20) } else if value == 0xA0 || value == 0x3000 { pendingSpace = true }
            isInWord = false
            return
        }
        if pendingSpace { flushSpace(before: value) }
        text += bytes[index..<(index + length)]
        if Self.isIdeographic(value) {
            if Self.isFullMark(value) { measure.marks += 1 } else if value > 0x3002 { count(0.5) }
            isInWord = false
        } else if Self.isUnspaced(value) {
            count(0.25)
            isInWord = false
        } else if value >= 0xC0, !(0x2000...0x2BFF).contains(value) {
            if !isInWord { count(1) }
            isInWord = true
        } else {
            isInWord = false
        }
    }

    private mutating func count(_ words: Float) {
        measure.words += words
        guard isInLink else { return }
        measure.linkWords += words
        wordsOfLink += words
        if wordsOfLink > Self.wordsOfLinkMax { isInLink = false }
    }

    /// One space for what was read, none at a line's beginning, and none where a line was broken between ideographs:
    /// there it is the editor's, and no part of the text.
    private mutating func flushSpace(before next: UInt32) {
        let isBroken = pendingLineEnd
        (pendingSpace, pendingLineEnd) = (false, false)
        guard text.count > start, let last = text.last, last != 0x0A else { return }
        if isBroken, Self.isIdeographic(next), endsIdeographic { return }
        text.append(0x20)
    }

    private var endsIdeographic: Bool {
        guard text.count >= start + 3 else { return false }
        return text.withUnsafeBufferPointer { bytes in
            let index = bytes.count - 3
            return Self.length(bytes, index) == 3 && Self.isIdeographic(Self.value(bytes, index, 3))
        }
    }

    private mutating func finish() {
        while text.count > start, let last = text.last, last <= 0x20 { text.removeLast() }
        if !isPreformatted {
            let blanks = text[start...].prefix { $0 <= 0x20 }.count
            if blanks > 0 { text.removeSubrange(start..<(start + blanks)) }
        }
        guard text.count > start, let last = text.last else { return }
        let closing = text[start...].suffix(3)
        measure.endsSentence =
            [0x2E, 0x21, 0x3F, 0x3A, 0x3B].contains(last) || (last == 0x22 || last == 0x29) && measure.marks > 0
            || Self.sentenceEnds.contains { closing.elementsEqual($0) }
        if measure.endsSentence, last < 0x80 { measure.marks += 1 }
    }

    private static let sentenceEnds = ["。", "！", "？", "；", "：", "…", "」", "』", "”", "）"].map { Array($0.utf8) }

    /// Chinese, Japanese and Korean characters with their marks, and full-width forms.
    @inline(__always)
    private static func isIdeographic(_ value: UInt32) -> Bool {
        value >= 0x3001 && value <= 0x9FFF || value >= 0xAC00 && value <= 0xD7A3 || value >= 0xF900 && value <= 0xFAFF
            || value >= 0xFF01 && value <= 0xFF65 || value >= 0x20000 && value <= 0x3FFFF
    }

    /// Thai, Lao, Tibetan, Burmese and Khmer, which write no space between words.
    private static func isUnspaced(_ value: UInt32) -> Bool {
        value >= 0x0E00 && value <= 0x109F || value >= 0x1780 && value <= 0x17FF
    }

    private static func isFullMark(_ value: UInt32) -> Bool {
        switch value {
        case 0x3001, 0x3002, 0xFF01, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F: true
        default: false
        }
    }

    @inline(__always)
    private static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let lead = bytes[index]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0
        guard length > 0, lead <= 0xF4, index + length <= bytes.count else { return 0 }
        for offset in 1..<length where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
        // Neither longer than need be, nor half of a surrogate pair, nor beyond the last plane.
        let second = bytes[index + 1]
        switch lead {
        case 0xE0: return second < 0xA0 ? 0 : length
        case 0xED: return second >= 0xA0 ? 0 : length
        case 0xF0: return second < 0x90 ? 0 : length
        case 0xF4: return second >= 0x90 ? 0 : length
        default: return length
        }
    }

    @inline(__always)
    private static func value(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int) -> UInt32 {
        var value = UInt32(bytes[index]) & (0xFF >> UInt32(length + 1))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return value
    }
}
