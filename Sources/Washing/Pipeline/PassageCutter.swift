/// Takes passages that stand elsewhere out of a text, and leaves whole sentences.
enum PassageCutter {
    /// The sentences and lines that lie wholly within a passage; empty where none does.
    static func whole(_ text: [UInt8], _ passage: Range<Int>) -> Range<Int> {
        var start = passage.lowerBound
        while start < passage.upperBound, !beginsSentence(text, start) { start += 1 }
        var end = passage.upperBound
        while end > start, !endsSentence(text, end) { end -= 1 }
        // The space behind goes along.
        while end > start, end < passage.upperBound, text[end] == 0x20 { end += 1 }
        return start..<end
    }

    /// What is left without some parts, which may overlap; a line that is taken out whole takes its end along.
    static func cut(_ text: [UInt8], _ parts: [Range<Int>]) -> [UInt8] {
        var rest: [UInt8] = []
        rest.reserveCapacity(text.count)
        var copied = 0
        for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) where part.upperBound > copied {
            if part.lowerBound > copied { rest += text[copied..<part.lowerBound] }
            copied = part.upperBound
            let isWholeLine = rest.last ?? 0x0A == 0x0A
            if isWholeLine, copied < text.count, text[copied] == 0x0A { copied += 1 }
        }
        rest += text[copied...]
        while let last = rest.last, last == 0x0A || last == 0x20 { rest.removeLast() }
        return rest
    }

    private static func beginsSentence(_ text: [UInt8], _ place: Int) -> Bool {
        guard place > 0 else { return true }
        if text[place - 1] == 0x0A { return true }
        if text[place - 1] == 0x20 { return place > 1 && isStop(text[place - 2]) && text[place] != 0x20 }
        return endsInChineseStop(text, place)
    }

    private static func endsSentence(_ text: [UInt8], _ place: Int) -> Bool {
        guard place < text.count else { return true }
        if text[place] == 0x0A { return true }
        if text[place] == 0x20 { return isStop(text[place - 1]) }
        return endsInChineseStop(text, place)
    }

    private static func isStop(_ byte: UInt8) -> Bool { ".!?\"".utf8.contains(byte) }

    /// 。！？； and ” before a place.
    private static func endsInChineseStop(_ text: [UInt8], _ place: Int) -> Bool {
        guard place >= 3 else { return false }
        switch (text[place - 3], text[place - 2], text[place - 1]) {
        case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F), (0xEF, 0xBC, 0x9B), (0xE2, 0x80, 0x9D):
            return true
        default: return false
        }
    }
}
