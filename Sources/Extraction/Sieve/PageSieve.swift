/// Reads a page once and writes what the parser needs of it: the tags of blocks, and marks that stand for text.
///
/// Gumbo takes some 40 ns a byte, and time and memory that grow with the nesting of what it is given; pages are mostly
/// attributes, scripts and text that say nothing about structure. So text goes round it:
///
///     <div class="post" data-x="…"><p>Some <b>words</b> and <a href="…">a link</a>.</p>
///     <div i=3><p>■0000■0001 ■0002▸■0003◂.</p>          what Gumbo sees (▸ ◂: a link begins, ends)
///
/// Inline elements never reach it, and with them goes the part of HTML's rules that lets a short page unfold into a
/// long one (formatting elements that are opened anew in every paragraph).
struct PageSieve {
    /// Marks in the output: characters for private use, which the page's own text loses.
    enum Mark {
        static let lead: UInt8 = 0xEF
        static let middle: UInt8 = 0xA3
        static let segment: UInt8 = 0xB0
        static let linkStart: UInt8 = 0xB1
        static let linkEnd: UInt8 = 0xB2
        static let lineBreak: UInt8 = 0xB3
        /// Digits of a segment's number, of five bits each.
        static let digits = 4
        static let segmentsMax = 1 << 20
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let limits: ExtractionLimits
    /// What Gumbo is given.
    private(set) var output: [UInt8] = []
    /// Text in the page, by number.
    private(set) var segments: [Range<Int>] = []
    private(set) var facts = PageFacts()
    /// Open blocks that do not end by themselves.
    private var open: [PageTag] = []
    private var tags = 0
    private var preformatted = 0
    private var isInLink = false
    private var hintsOfNames: [UInt64: ClassHints] = [:]
    /// Names of elements whose end was looked for and is not there; looking again would take the square of the length.
    private var endless: Set<UInt64> = []
    /// Whether `<x/>` is an empty element.
    private let isXHTML: Bool
    /// Shorter texts cost less in the parser than a mark does.
    private static let segmentBytesMin = 16

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: ExtractionLimits) {
        self.bytes = bytes
        self.limits = limits
        isXHTML = bytes.prefix(64).drop { $0 <= 0x20 || $0 >= 0x80 }.starts(with: "<?xml".utf8)
        output.reserveCapacity(bytes.count / 4 + 256)
    }

    mutating func run() {
        var index = 0
        while index < bytes.count {
            let start = find(UInt8(ascii: "<"), from: index) ?? bytes.count
            if start > index { writeText(index..<start) }
            guard start < bytes.count else { return }
            index = start + 1 < bytes.count ? readMarkup(at: start) : bytes.count
        }
    }

    /// Reads what begins with `<` at `start`; returns where it ends.
    private mutating func readMarkup(at start: Int) -> Int {
        let next = bytes[start + 1]
        if Self.isLetter(next) { return readStart(at: start) }
        switch next {
        case UInt8(ascii: "/"):
            guard start + 2 < bytes.count, Self.isLetter(bytes[start + 2]) else { return afterTag(from: start + 2) }
            return readEnd(at: start)
        case UInt8(ascii: "!"):
            guard start + 3 < bytes.count, bytes[start + 2] == 0x2D, bytes[start + 3] == 0x2D else {
                return readDeclaration(at: start)
            }
            return endOfComment(from: start + 4)
        case UInt8(ascii: "?"): return afterTag(from: start + 2)
        default:
            output += "&lt;".utf8
            return start + 1
        }
    }

    /// A document type, or text that XHTML marks as such.
    private mutating func readDeclaration(at start: Int) -> Int {
        let open = Array("[CDATA[".utf8)
        let begin = start + 2 + open.count
        guard isXHTML, begin <= bytes.count, bytes[(start + 2)..<begin].elementsEqual(open) else {
            return afterTag(from: start + 2)
        }
        var index = begin
        while let bracket = find(UInt8(ascii: "]"), from: index), bracket + 2 < bytes.count {
            if bytes[bracket + 1] == UInt8(ascii: "]"), bytes[bracket + 2] == UInt8(ascii: ">") {
                writeText(begin..<bracket, isRaw: true)
                return bracket + 3
            }
            index = bracket + 1
        }
        return bytes.count
    }

    private mutating func endOfComment(from start: Int) -> Int {
        var index = start
        while let dash = find(UInt8(ascii: "-"), from: index) {
            guard dash + 2 < bytes.count else { break }
            if bytes[dash + 1] == 0x2D, bytes[dash + 2] == UInt8(ascii: ">") { return dash + 3 }
            index = dash + 1
        }
        return bytes.count
    }

    private func afterTag(from start: Int) -> Int { find(UInt8(ascii: ">"), from: start).map { $0 + 1 } ?? bytes.count }

    private mutating func readStart(at start: Int) -> Int {
        let (key, nameEnd) = name(at: start + 1)
        let action = TagAction.of(key)
        var attributes = TagAttributes()
        let end = readAttributes(from: nameEnd, into: &attributes)
        let isEmpty = isXHTML && attributes.isClosed
        switch action {
        case .ignore: break
        case .skip: return isEmpty ? end : skip(key, from: end)
        case .block(let tag):
            // Empty in XHTML: nothing in it, and what follows is not in it either.
            if !isEmpty || tag == .rule { open(tag, attributes) }
        case .lineBreak: mark(Mark.lineBreak)
        case .link:
            if isInLink { mark(Mark.linkEnd) }
            isInLink = !isEmpty && !attributes.href.isEmpty
            if isInLink { mark(Mark.linkStart) }
        case .title:
            let close = skip(key, from: end)
            if close > end { facts.add(title: bytes, end..<(find(UInt8(ascii: "<"), from: end) ?? end)) }
            return close
        case .meta: facts.add(meta: bytes, attributes)
        case .html: facts.add(language: bytes, attributes.language)
        case .time: facts.add(time: bytes, attributes)
        case .script:
            guard !isEmpty else { break }
            let close = skip(key, from: end)
            facts.add(script: bytes, attributes, end..<close)
            return close
        }
        return end
    }

    private mutating func open(_ tag: PageTag, _ attributes: TagAttributes) {
        if tag.isCell || tag == .row, let table = open.lastIndex(of: .table) {
            // What a cell has left open ends with it.
            open.removeSubrange((table + 1)...)
        }
        guard tags < limits.tagsMax, open.count < limits.depthMax else {
            // What is left out still parts words.
            return mark(Mark.lineBreak)
        }
        tags += 1
        if !tag.endsByItself { open.append(tag) }
        if tag == .preformatted { preformatted += 1 }
        output.append(UInt8(ascii: "<"))
        write(tag.name)
        let hints = hints(attributes, of: tag)
        if !hints.isEmpty {
            output += " i=".utf8
            output.append(UInt8(ascii: "A") + hints.rawValue)
        }
        output.append(UInt8(ascii: ">"))
    }

    private mutating func readEnd(at start: Int) -> Int {
        let (key, nameEnd) = name(at: start + 2)
        let end = afterTag(from: nameEnd)
        switch TagAction.of(key) {
        case .block(let tag): close(tag)
        case .link where isInLink:
            isInLink = false
            mark(Mark.linkEnd)
        case .lineBreak: mark(Mark.lineBreak)
        default: break
        }
        return end
    }

    private mutating func close(_ tag: PageTag) {
        if tag.endsByItself {
            guard tag != .rule, tags < limits.tagsMax else { return }
            // `</p>` without its beginning makes an empty paragraph, which is counted as one.
            tags += 1
        } else {
            let floor = tag == .table ? 0 : (open.lastIndex(of: .table) ?? -1) + 1
            guard let place = open.lastIndex(of: tag), place >= floor else { return }
            open.removeSubrange(place...)
            if tag == .preformatted { preformatted = max(0, preformatted - 1) }
        }
        output.append(UInt8(ascii: "<"))
        output.append(UInt8(ascii: "/"))
        write(tag.name)
        output.append(UInt8(ascii: ">"))
    }

    private mutating func write(_ name: StaticString) {
        output.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    private mutating func mark(_ kind: UInt8) {
        output.append(Mark.lead)
        output.append(Mark.middle)
        output.append(kind)
    }

    private mutating func hints(_ attributes: TagAttributes, of tag: PageTag) -> ClassHints {
        var hints = self.hints(of: attributes.className)
        // The ids of sections, headings and the like are made of their own words: “copyright-information”.
        if tag.isNamedForItsPart, !hints.contains(.isSection) { hints.formUnion(self.hints(of: attributes.id)) }
        hints.remove(.isSection)
        if !attributes.role.isEmpty {
            hints.formUnion(.of(role: String(decoding: bytes[attributes.role], as: UTF8.self)))
        }
        if TagAttributes.isEqual(bytes, attributes.itemprop, "articlebody") { hints.insert(.isMain) }
        if attributes.isHidden || isNotDisplayed(attributes.style) { hints.insert(.isHidden) }
        return hints
    }

    private mutating func hints(of names: Range<Int>) -> ClassHints {
        guard !names.isEmpty else { return [] }
        // A page has few classes and many elements.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes[names] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        if let known = hintsOfNames[hash] { return known }
        let hints = ClassHints.of(names: bytes[names])
        hintsOfNames[hash] = hints
        return hints
    }

    private static let stylesOfHidden = ["display:none", "visibility:hidden"].map { Array($0.utf8) }

    private func isNotDisplayed(_ style: Range<Int>) -> Bool {
        guard style.count >= 12 else { return false }
        let text = bytes[style].filter { $0 > 0x20 }.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        return Self.stylesOfHidden.contains { ByteSearch.contains(text, $0) }
    }

    /// Passes over what an element holds, up to its end tag.
    private mutating func skip(_ key: UInt64, from start: Int) -> Int {
        guard !endless.contains(key) else { return start }
        var index = start
        while let bracket = find(UInt8(ascii: "<"), from: index) {
            guard bracket + 2 < bytes.count else { break }
            if bytes[bracket + 1] == UInt8(ascii: "/") {
                let (found, end) = name(at: bracket + 2)
                if found == key { return afterTag(from: end) }
            }
            index = bracket + 1
        }
        endless.insert(key)
        return start
    }

    private mutating func writeText(_ range: Range<Int>, isRaw: Bool = false) {
        var index = range.lowerBound
        while index < range.upperBound {
            var end =
                isRaw
                ? range.upperBound : find(UInt8(ascii: "&"), from: index, to: range.upperBound) ?? range.upperBound
            if end == index {
                // A character reference goes through the parser, which knows their names.
                end = min(index + 1, range.upperBound)
                while end < range.upperBound, end - index < 40, Self.isOfReference(bytes[end]) { end += 1 }
                if end < range.upperBound, bytes[end] == UInt8(ascii: ";") { end += 1 }
                output += bytes[index..<end]
            } else {
                writePiece(index..<end)
            }
            index = end
        }
    }

    private mutating func writePiece(_ piece: Range<Int>) {
        if preformatted == 0, bytes[piece].allSatisfy({ $0 <= 0x20 }) {
            output.append(0x20)
            return
        }
        guard piece.count >= Self.segmentBytesMin, segments.count < Mark.segmentsMax else {
            for index in piece where bytes[index] != 0 && !isMark(index) {
                let byte = bytes[index]
                if byte == UInt8(ascii: "<") { output += "&lt;".utf8 } else { output.append(byte) }
            }
            return
        }
        // Leading white space decides where the parser puts text; the mark itself is none.
        if bytes[piece.lowerBound] <= 0x20 { output.append(0x20) }
        mark(Mark.segment)
        for digit in (0..<Mark.digits).reversed() {
            output.append(UInt8(ascii: "A") + UInt8(truncatingIfNeeded: segments.count >> (5 * digit) & 31))
        }
        segments.append(piece)
    }

    /// Whether a character of the page is one of those that marks are made of.
    private func isMark(_ index: Int) -> Bool {
        bytes[index] == Mark.lead && index + 2 < bytes.count && bytes[index + 1] == Mark.middle
            && (Mark.segment...Mark.lineBreak).contains(bytes[index + 2])
    }

    private static func isOfReference(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "#")
    }
}
