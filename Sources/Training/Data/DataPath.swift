/// What `--data PATH[=WEIGHT]` says.
package struct DataPath: Codable, Equatable, Sendable {
    package var path: String
    /// Share of the tokens relative to the other sources; nil for its size.
    package var weight: Double?

    package init(path: String, weight: Double? = nil) {
        self.path = path
        self.weight = weight
    }

    /// A path may itself hold "=": what follows the last one is a weight only if it is a number.
    ///
    /// - Returns: nil for a weight that is not above 0.
    package init?(argument: String) {
        guard let place = argument.lastIndex(of: "="), let weight = Double(argument[argument.index(after: place)...])
        else {
            self.init(path: argument)
            return
        }
        guard weight > 0, weight.isFinite, place > argument.startIndex else { return nil }
        self.init(path: String(argument[..<place]), weight: weight)
    }
}
