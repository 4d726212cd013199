/// The lines of one text with their widths, and where they were wrapped.
struct Wrapping {
    private static let columns = 40...110
    /// Writers by hand stop earlier than programs do.
    private static let slack = 8
    private static let indentMax = 8

    private struct Line {
        var start: Int
        var end: Int
        var indent: Int
        /// In columns of a screen, with its indent.
        var width: Int
        var firstWordWidth: Int
        /// Another line may be joined to it.
        var mayGoOn: Bool
        /// It may be joined to another.
        var mayFollow: Bool
        var opensParagraph: Bool
        var isItem: Bool
        var isEnded: Bool
        /// It begins with a small Latin letter: in the middle of a sentence, if the line before did not end one.
        var beginsSmall: Bool
    }

    private var lines: [Line] = []

    init(_ text: [UInt8], _ scan: TextScan) {
        lines.reserveCapacity(scan.lines.count)
        text.withUnsafeBufferPointer { buffer in
            guard let bytes = buffer.baseAddress else { return }
            for line in scan.lines { lines.append(Self.measured(bytes, line)) }
        }
    }

    private static func measured(_ bytes: UnsafePointer<UInt8>, _ line: TextScan.Line) -> Line {
        let (start, end) = (Int(line.start), Int(line.end))
        var rawStart = start
        while rawStart > 0, bytes[rawStart - 1] != 0x0A { rawStart -= 1 }
        let indent = TextScan.indent(bytes, rawStart, start)
        var (width, place, spaces, firstWordWidth, hasColumns) = (0, start, 0, 0, false)
        while place < end {
            let scalar = UTF8Text.next(bytes, &place, end)
            let isSpace = scalar == 0x20 || scalar == 0x09
            let isWide = isWide(scalar)
            if firstWordWidth == 0, width > 0, isSpace || isWide { firstWordWidth = width }
            width += isWide ? 2 : 1
            if firstWordWidth == 0, isWide { firstWordWidth = width }
            spaces = isSpace ? spaces + 1 : 0
            if spaces >= 3 { hasColumns = true }
        }
        let first = bytes[start]
        let isItem = line.startsWithBullet || "#>|+=~`@$%\\".utf8.contains(first) || isNumbered(bytes, start, end)
        let isText = line.words > 0 && !hasColumns && first != 0x7C && first != 0x23
        return Line(
            start: start, end: end, indent: indent, width: indent + width,
            firstWordWidth: firstWordWidth == 0 ? width : firstWordWidth, mayGoOn: isText,
            mayFollow: isText && !isItem, opensParagraph: line.opensParagraph, isItem: isItem,
            isEnded: line.isEnded, beginsSmall: first &- 0x61 < 26)
    }

    /// "1. ", "12) ", "a) " and the like begin an item.
    private static func isNumbered(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var place = start
        while place < end, place - start < 3, isDigit(bytes[place]) || (bytes[place] | 0x20) &- 0x61 < 26 { place += 1 }
        guard place > start, place + 1 < end, bytes[place + 1] == 0x20 else { return false }
        return bytes[place] == 0x29 || bytes[place] == 0x2E && isDigit(bytes[place - 1])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Whether a line could go on in the one behind it, by where both begin.
    private func mayJoin(_ line: Line, _ next: Line) -> Bool {
        guard line.mayGoOn, next.mayFollow, !next.opensParagraph else { return false }
        let step = next.indent - line.indent
        if step == 0 { return true }
        return step > 0 ? line.isItem && step <= Self.indentMax : line.opensParagraph && -step <= Self.indentMax
    }

    /// The column at which the text was wrapped; 0 where its sentences go on in the next line but no column is to be
    /// seen, nil when it was not wrapped.
    ///
    /// - Parameters:
    ///   - shareMin: of the line ends within paragraphs that wrapping must explain.
    ///   - linesMin: so many line ends that a column explains at least.
    func column(shareMin: Double, linesMin: Int) -> Int? {
        var pairs = 0
        var changes = [Int](repeating: 0, count: Self.columns.upperBound + 2)
        for (line, next) in zip(lines, lines.dropFirst()) where mayJoin(line, next) {
            pairs += 1
            let low = max(Self.columns.lowerBound, line.width)
            let high = min(Self.columns.upperBound, line.width + next.firstWordWidth + Self.slack)
            guard low <= high else { continue }
            changes[low] += 1
            changes[high + 1] -= 1
        }
        guard pairs > 0 else { return nil }
        var (count, best, column) = (0, 0, 0)
        for candidate in Self.columns {
            count += changes[candidate]
            if count > best { (best, column) = (count, candidate) }
        }
        if best < linesMin || Double(best) < shareMin / 2 * Double(pairs) { column = 0 }
        let wrapped = zip(lines, lines.dropFirst()).reduce(0) { $0 + (isWrapped($1.0, $1.1, column) ? 1 : 0) }
        return Double(wrapped) >= shareMin * Double(pairs) ? column : nil
    }

    /// Whether the end between two lines is one of wrapping: the next word would not have gone into the column, or a
    /// sentence goes on behind a line that is long enough.
    private func isWrapped(_ line: Line, _ next: Line, _ column: Int) -> Bool {
        guard mayJoin(line, next) else { return false }
        if line.width <= column, line.width + next.firstWordWidth + Self.slack >= column { return true }
        return next.beginsSmall && !line.isEnded && Self.columns.contains(line.width)
    }

    /// Writes the text with what was wrapped joined; how many lines were.
    func join(_ text: [UInt8], _ column: Int, into buffer: inout [UInt8]) -> Int {
        var (copied, joined) = (0, 0)
        for (line, next) in zip(lines, lines.dropFirst()) where isWrapped(line, next, column) {
            let (end, needsSpace) = Self.seam(text, line, next)
            buffer += text[copied..<end]
            if needsSpace { buffer.append(0x20) }
            copied = next.start
            joined += 1
        }
        buffer += text[copied...]
        return joined
    }

    /// Where a line ends once the next follows it, and whether a space comes between.
    private static func seam(_ text: [UInt8], _ line: Line, _ next: Line) -> (end: Int, needsSpace: Bool) {
        let end = line.end
        // U+2010: a word that was parted.
        if text[line.start..<end].suffix(3).elementsEqual([0xE2, 0x80, 0x90]) { return (end - 3, false) }
        if text[end - 1] == 0x2D, end - 2 >= line.start, text[end - 2] != 0x20, text[end - 2] != 0x2D {
            return (end, false)
        }
        var last = end - 1
        while last > line.start, text[last] & 0xC0 == 0x80 { last -= 1 }
        return (end, !isWide(scalar(text, last)) && !isWide(scalar(text, next.start)))
    }

    private static func scalar(_ text: [UInt8], _ place: Int) -> UInt32 {
        var place = place
        return text.withUnsafeBufferPointer { $0.baseAddress.map { UTF8Text.next($0, &place, text.count) } ?? 0 }
    }

    /// Two columns on a screen: East Asian characters and marks.
    @inline(__always)
    private static func isWide(_ scalar: UInt32) -> Bool {
        guard scalar >= 0x2E80 else { return false }
        return scalar <= 0xA4CF || (0xAC00...0xD7A3).contains(scalar) || (0xF900...0xFAFF).contains(scalar)
            || (0xFE30...0xFE4F).contains(scalar) || (0xFF00...0xFF60).contains(scalar)
            || (0x20000...0x3FFFF).contains(scalar)
    }
}
