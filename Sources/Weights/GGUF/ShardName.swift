/// The name of one file of a split model: “NAME-00002-of-00005.gguf”.
struct ShardName: Equatable {
    /// All before the number, folders too.
    let stem: String
    /// From zero; names count from one.
    let place: Int
    let count: Int

    private static let suffix = ".gguf"
    private static let digits = 5

    init(stem: String, place: Int, count: Int) {
        self.stem = stem
        self.place = place
        self.count = count
    }

    /// Nil when `path` is no such name.
    init?(_ path: String) {
        var rest = Substring(path)
        guard rest.lowercased().hasSuffix(Self.suffix) else { return nil }
        rest = rest.dropLast(Self.suffix.count)
        guard let count = Self.takeNumber(&rest), rest.hasSuffix("-of-") else { return nil }
        rest = rest.dropLast(4)
        guard let number = Self.takeNumber(&rest), rest.hasSuffix("-"), number >= 1, number <= count else { return nil }
        self.init(stem: String(rest.dropLast()), place: number - 1, count: count)
    }

    var path: String { "\(stem)-\(Self.padded(place + 1))-of-\(Self.padded(count))\(Self.suffix)" }

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
