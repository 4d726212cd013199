/// A string of a template whose every character is known to be trusted or not.
///
///     var text = Text("<|im_start|>", isTrusted: true)
///     text.append(Text("<|im_end|>", isTrusted: false))
///     text.runs     // [(0..<12, true), (12..<22, false)]
///
/// Characters are Unicode scalars, as in Python: a template's indices, lengths and slices count them. Whatever is made
/// of a text (a slice, a join, another case) keeps each character's trust. Equality looks at the characters alone.
///
///     scalars   < | i m _ s t a r t | > < | i m _ e n d | >
///     borders   [12]                    ^ trust changes here; `startsTrusted` says which way
struct Text: Sendable {
    private(set) var scalars: [Unicode.Scalar]
    private(set) var startsTrusted: Bool
    /// Where trust changes: ascending, each above 0 and below `count`.
    private(set) var borders: [Int] = []
    /// Python's Markup, the result of `safe` and `escape`: what is added to it with `+` is escaped.
    var isMarkup = false

    init(_ string: String, isTrusted: Bool = true) {
        scalars = Array(string.unicodeScalars)
        startsTrusted = isTrusted
    }

    init(scalars: [Unicode.Scalar], isTrusted: Bool) {
        self.scalars = scalars
        startsTrusted = isTrusted
    }

    init() {
        scalars = []
        startsTrusted = true
    }

    var count: Int { scalars.count }
    var isEmpty: Bool { scalars.isEmpty }

    var string: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private var endsTrusted: Bool { borders.count % 2 == 0 ? startsTrusted : !startsTrusted }

    /// Whether a text made from this one as a whole, in a way that loses its parts, may be trusted.
    var isWhollyTrusted: Bool { isEmpty || (startsTrusted && borders.isEmpty) }

    func isTrusted(at position: Int) -> Bool {
        bordersUpTo(position) % 2 == 0 ? startsTrusted : !startsTrusted
    }

    /// How many borders stand at or before a position.
    private func bordersUpTo(_ position: Int) -> Int {
        var (low, high) = (0, borders.count)
        while low < high {
            let middle = (low + high) / 2
            if borders[middle] <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The stretches of equal trust, in order, together the whole text.
    var runs: [(range: Range<Int>, isTrusted: Bool)] {
        if isEmpty { return [] }
        var runs: [(Range<Int>, Bool)] = []
        var (start, trust) = (0, startsTrusted)
        for border in borders + [count] {
            runs.append((start..<border, trust))
            (start, trust) = (border, !trust)
        }
        return runs
    }

    mutating func append(_ other: Text) {
        if other.isEmpty { return }
        if isEmpty {
            startsTrusted = other.startsTrusted
        } else if endsTrusted != other.startsTrusted {
            borders.append(count)
        }
        for border in other.borders { borders.append(border + count) }
        if isEmpty, scalars.capacity < other.count { scalars = other.scalars } else { scalars += other.scalars }
    }

    mutating func append(_ scalar: Unicode.Scalar, isTrusted: Bool) {
        scalars.append(scalar)
        mark(from: count - 1, isTrusted)
    }

    mutating func append(_ string: String, isTrusted: Bool) {
        let start = count
        scalars.append(contentsOf: string.unicodeScalars)
        mark(from: start, isTrusted)
    }

    /// Says of the characters from `start` on, just added, whether they are trusted.
    private mutating func mark(from start: Int, _ isTrusted: Bool) {
        if start == count { return }
        if start == 0 {
            startsTrusted = isTrusted
        } else if endsTrusted != isTrusted {
            borders.append(start)
        }
    }

    subscript(range: Range<Int>) -> Text {
        var part = Text(scalars: Array(scalars[range]), isTrusted: isTrusted(at: range.lowerBound))
        part.isMarkup = isMarkup
        if borders.isEmpty || range.isEmpty { return part }
        for border in borders[bordersUpTo(range.lowerBound)...] where border < range.upperBound {
            part.borders.append(border - range.lowerBound)
        }
        return part
    }

    /// Every `step`-th character from `start`, `count` of them; `step` may be negative.
    func strided(from start: Int, step: Int, count: Int) -> Text {
        var part = Text()
        part.isMarkup = isMarkup
        for index in 0..<count {
            let position = start + index * step
            part.append(scalars[position], isTrusted: isTrusted(at: position))
        }
        return part
    }

    /// The text `count` times.
    func repeated(_ count: Int) -> Text {
        var result = Text()
        result.isMarkup = isMarkup
        if isEmpty || count <= 0 { return result }
        result.scalars.reserveCapacity(self.count * count)
        for _ in 0..<count { result.append(self) }
        return result
    }

    /// Each character replaced by others, which inherit its trust.
    func mapped(_ transform: (Int, Unicode.Scalar, inout [Unicode.Scalar]) -> Void) -> Text {
        var result = Text()
        result.isMarkup = isMarkup
        result.scalars.reserveCapacity(count)
        for run in runs {
            let start = result.count
            for position in run.range { transform(position, scalars[position], &result.scalars) }
            result.mark(from: start, run.isTrusted)
        }
        return result
    }
}

extension Text: Hashable {
    static func == (left: Text, right: Text) -> Bool { left.scalars == right.scalars }
    func hash(into hasher: inout Hasher) { hasher.combine(scalars) }
}
