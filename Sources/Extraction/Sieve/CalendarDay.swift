/// Days as pages write them.
enum CalendarDay {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// The first day in a text, as `2026-11-26`: `2026-11-26T…`, `2026/11/26`, `2026年11月26日`, `20261126`,
    /// `November 26, 2026`, `26 Nov 2026`. Nil where there is none.
    static func first(in text: String) -> String? { first(in: Array(text.utf8)) }

    static func first(in text: some RandomAccessCollection<UInt8>) -> String? {
        let words = words(of: text)
        for index in words.indices {
            guard case .number(let first, let digits) = words[index] else { continue }
            if digits == 8, let day = day(first / 10_000, first / 100 % 100, first % 100) { return day }
            guard digits == 4, (1990...2100).contains(first) else { continue }
            if index + 2 < words.count, case .number(let month, ...2) = words[index + 1],
                case .number(let number, ...2) = words[index + 2], let day = day(first, month, number)
            {
                return day
            }
            guard index >= 2 else { continue }
            switch (words[index - 2], words[index - 1]) {
            case (.month(let month), .number(let number, ...2)), (.number(let number, ...2), .month(let month)):
                if let day = day(first, month, number) { return day }
            default: break
            }
        }
        return nil
    }

    private enum Word {
        case number(Int, digits: Int)
        case month(Int)
        case other
    }

    private static func words(of text: some RandomAccessCollection<UInt8>) -> [Word] {
        var words: [Word] = []
        var index = text.startIndex
        while index < text.endIndex, words.count < 256 {
            let byte = text[index]
            if byte >= 0x30, byte <= 0x39 {
                let digits = text[index...].prefix { $0 >= 0x30 && $0 <= 0x39 }
                let value = digits.prefix(9).reduce(0) { $0 * 10 + Int($1 - 0x30) }
                words.append(.number(value, digits: digits.count))
                index = digits.endIndex
            } else if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A {
                let letters = text[index...].prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
                let start = String(decoding: letters.prefix(3), as: UTF8.self).lowercased()
                // “T” parts day and time; “th”, “st” and “of” belong to the day.
                if letters.count >= 3 {
                    words.append(months.firstIndex(of: start).map { .month($0 + 1) } ?? .other)
                }
                index = letters.endIndex
            } else {
                index = text.index(after: index)
            }
        }
        return words
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard (1990...2100).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let pad: (Int) -> String = { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)-\(pad(month))-\(pad(day))"
    }
}
