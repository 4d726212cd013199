/// The settings of one section of a recipe, taken one by one; what is left over at the end is a mistake of the
/// recipe's.
///
///     var table = RecipeTable(name: "gopher", file: "zh-en", line: 12)
///     let least = try table.number("words_min", 50)
///     try table.finish()
package struct RecipeTable: Sendable {
    package let name: String
    package let file: String
    package let line: Int
    private(set) var values: [String: RecipeValue] = [:]
    private var lines: [String: Int] = [:]
    private var known: [String] = []

    package init(name: String, file: String = "", line: Int = 0, values: [String: RecipeValue] = [:]) {
        self.name = name
        self.file = file
        self.line = line
        self.values = values
    }

    mutating func set(_ key: String, _ value: RecipeValue, line: Int) -> Bool {
        guard values[key] == nil else { return false }
        values[key] = value
        lines[key] = line
        return true
    }

    /// Settings of another table where this one has none.
    func filled(from general: RecipeTable) -> RecipeTable {
        var table = self
        for (key, value) in general.values where table.values[key] == nil {
            table.values[key] = value
            table.lines[key] = general.lines[key]
        }
        return table
    }

    package mutating func number(_ key: String, _ standard: Double) throws(WashingError) -> Double {
        try optionalNumber(key) ?? standard
    }

    /// Nil where the rule is to be left out: the key is missing.
    package mutating func optionalNumber(_ key: String) throws(WashingError) -> Double? {
        guard let value = take(key) else { return nil }
        guard case .number(let number) = value else { throw wrong(key, value, "a number") }
        return number
    }

    /// A whole number, not negative.
    package mutating func count(_ key: String, _ standard: Int) throws(WashingError) -> Int {
        guard let number = try optionalNumber(key) else { return standard }
        guard let count = Int(exactly: number), count >= 0 else {
            throw .recipe(file: file, line: lines[key] ?? line, reason: "\(key): expected a whole number from 0")
        }
        return count
    }

    package mutating func bool(_ key: String, _ standard: Bool) throws(WashingError) -> Bool {
        guard let value = take(key) else { return standard }
        guard case .bool(let bool) = value else { throw wrong(key, value, "true or false") }
        return bool
    }

    package mutating func text(_ key: String, _ standard: String) throws(WashingError) -> String {
        guard let value = take(key) else { return standard }
        guard case .text(let text) = value else { throw wrong(key, value, "a text in quotes") }
        return text
    }

    /// A text that must be one of some.
    package mutating func choice(
        _ key: String, _ standard: String, of choices: [String]
    ) throws(WashingError) -> String {
        let chosen = try text(key, standard)
        guard choices.contains(chosen) else {
            throw .recipe(
                file: file, line: lines[key] ?? line,
                reason: "\(key): \"\(chosen)\" is none of \(choices.joined(separator: ", "))")
        }
        return chosen
    }

    package mutating func list(_ key: String, _ standard: [String] = []) throws(WashingError) -> [String] {
        guard let value = take(key) else { return standard }
        switch value {
        case .list(let list): return list
        case .text(let text): return [text]
        default: throw wrong(key, value, "a list of texts")
        }
    }

    /// Every setting that has not been taken, as a number: for sections whose keys are the user's, such as weights.
    package mutating func numbers() throws(WashingError) -> [String: Double] {
        var found: [String: Double] = [:]
        for key in values.keys.sorted() where !known.contains(key) { found[key] = try number(key, 0) }
        return found
    }

    /// - Throws: `WashingError.recipe` when a setting was not asked for: most likely misspelt.
    package func finish() throws(WashingError) {
        guard let stray = values.keys.filter({ !known.contains($0) }).min() else { return }
        throw .recipe(
            file: file, line: lines[stray] ?? line,
            reason: "[\(name)] has no setting \(stray); it has \(known.sorted().joined(separator: ", "))")
    }

    private mutating func take(_ key: String) -> RecipeValue? {
        known.append(key)
        return values[key]
    }

    private func wrong(_ key: String, _ value: RecipeValue, _ expected: String) -> WashingError {
        .recipe(
            file: file, line: lines[key] ?? line, reason: "\(key): expected \(expected), found \(value.kind)")
    }
}
