/// Titles as browsers show them: “What happened - The Paper”.
enum PageTitle {
    private static let separators = [" - ", " | ", " – ", " — ", " · ", " :: ", " » ", "_", "|", "－", "｜"]

    /// The longest of the parts, where it is long enough to be a title.
    static func withoutSite(_ title: String) -> String {
        for separator in separators where title.contains(separator) {
            let parts = split(title, separator)
            guard let longest = parts.max(by: { $0.count < $1.count }), longest.count >= 6,
                longest.count * 5 >= title.count * 2
            else { continue }
            return longest.collapsed
        }
        return title
    }

    private static func split(_ text: String, _ separator: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while let range = rest.range(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        parts.append(String(rest))
        return parts
    }
}

extension String {
    /// One space for any white space, none at the ends.
    var collapsed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
