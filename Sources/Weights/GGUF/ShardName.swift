/// The name of one file of a split model: “NAME-00002-of-00005.gguf”.
package struct ShardName: Equatable {
    /// All before the number, folders too.
    package let stem: String
    /// From zero; names count from one.
    package let place: Int
    package let count: Int

    private static let suffix = ".gguf"
    private static let digits = 5

    package init(stem: String, place: Int, count: Int) {
        self.stem = stem
        self.place = place
        self.count = count
    }

    /// Nil when `path` is no such name.
    package init?(_ path: String) {
        var rest = Substring(path)
        guard rest.lowercased().hasSuffix(Self.suffix) else { return nil }
        rest = rest.dropLast(Self.suffix.count)
        guard let count = Self.takeNumber(&rest), rest.hasSuffix("-of-") else { return nil }
        rest = rest.dropLast(4)
        guard let number = Self.takeNumber(&rest), rest.hasSuffix("-"), number >= 1, number <= count else { return nil }
        self.init(stem: String(rest.dropLast()), place: number - 1, count: count)
    }

    package var path: String { path(place) }

    /// Of the file at `place` of the same model.
    package func path(_ place: Int) -> String {
        "\(stem)-\(Self.padded(place + 1))-of-\(Self.padded(count))\(Self.suffix)"
    }

    private static func takeNumber(_ text: inout Substring) -> Int? {
        let number = text.suffix(digits)
        guard number.utf8.count == digits, number.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        text = text.dropLast(digits)
        return Int(number)
    }

    private static func padded(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
