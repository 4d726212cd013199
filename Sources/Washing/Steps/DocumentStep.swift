/// One step of a recipe that looks at a document by itself.
package protocol DocumentStep: Sendable {
    /// As the recipe calls it.
    static var name: String { get }

    /// Changes the document, or has `workspace.verdict` drop it.
    func wash(_ document: inout WashedDocument, _ workspace: Workspace)
}

/// A step's settings, with those of languages that have their own.
package struct ByLanguage<Settings: Sendable>: Sendable {
    package let general: Settings
    private let own: [(code: String, settings: Settings)]

    /// Reads `[name]` and `[name.CODE]` of a recipe; what the latter does not set it has from the former, and what
    /// neither sets is the built-in value for that language.
    package init(
        _ table: RecipeTable, _ recipe: Recipe,
        read: (inout RecipeTable, _ language: String) throws(WashingError) -> Settings
    ) throws(WashingError) {
        var main = table
        general = try read(&main, "")
        try main.finish()
        var own: [(code: String, settings: Settings)] = []
        for other in recipe.tables where other.name.hasPrefix(table.name + ".") {
            var filled = other.filled(from: table)
            let code = String(other.name.dropFirst(table.name.count + 1))
            own.append((code, try read(&filled, code)))
            try filled.finish()
        }
        self.own = own
    }

    /// `zh-Hant` has the settings of `zh` where it has none of its own.
    package func settings(for language: String) -> Settings {
        guard !own.isEmpty else { return general }
        if let exact = own.first(where: { $0.code == language }) { return exact.settings }
        return own.first { language.hasPrefix($0.code + "-") }?.settings ?? general
    }
}
