import Foundation

/// What is to be done to text: steps in their order, each with its settings.
///
///     let recipe = try Recipe.load("zh-en")               // shipped, or the path of a file
///
/// The file is a part of TOML ([docs/washing.md](../../../docs/washing.md)): a section is a step, `[step.zh]` the same
/// step's settings for Chinese.
package struct Recipe: Sendable {
    package let name: String
    /// As it was read, comments and all.
    package let text: String
    /// Sections in their order.
    package let tables: [RecipeTable]

    package init(text: String, file: String, limits: WashingLimits = WashingLimits()) throws(WashingError) {
        let parser = try RecipeParser.parse(text, file: file, limits: limits)
        var head = parser.head
        name = try head.text("name", file)
        try head.finish()
        self.text = text
        tables = parser.sections
    }

    /// The same with some of its sections alone.
    init(_ recipe: Recipe, tables: [RecipeTable]) {
        name = recipe.name
        text = recipe.text
        self.tables = tables
    }

    /// The recipes in this program.
    package static let shipped = ["zh-en"]

    /// - Parameter name: of a shipped recipe, or the path of a file.
    package static func load(_ name: String, limits: WashingLimits = WashingLimits()) throws(WashingError) -> Recipe {
        if shipped.contains(name) {
            return try Recipe(text: String(decoding: PackageResources.zh_en_toml, as: UTF8.self), file: name)
        }
        guard FileManager.default.fileExists(atPath: name) else { throw .noRecipe(name: name, shipped: shipped) }
        let bytes = try WashingFiles.read(name, bytesMax: limits.recipeBytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .recipe(file: name, line: 0, reason: "not valid UTF-8")
        }
        return try Recipe(text: text, file: name, limits: limits)
    }

    /// The section of that name; nil where the recipe has none.
    package func table(_ name: String) -> RecipeTable? { tables.first { $0.name == name } }
}
