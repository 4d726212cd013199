import Foundation

/// Asks the rules of a recipe about text that they have let through: which was nearest to dropping it.
///
///     let rules = try PassedRules(recipe: text)
///     let nearest = rules.values(of: [document])[0].first        // gopher.words_min: 63, at least 50
///
/// Values are those of the text as it stands in the corpus, after all steps. Left out are rules that ask yes or no,
/// steps on all documents together, and steps that need what is not in the recipe: learnt models, files that are gone.
package struct PassedRules: Sendable {
    private let steps: [any DocumentStep]
    private let limits: WashingLimits

    /// Rules without a measure that could be near a limit.
    private static let questions: Set = ["allow", "curly_braces", "lorem_ipsum", "overlap", "nothing_left"]

    /// - Parameter text: of the recipe, as the washed corpus has it in `recipe.toml`.
    /// - Throws: `WashingError.recipe` for text that is none.
    package init(recipe text: String, limits: WashingLimits = WashingLimits()) throws(WashingError) {
        self.limits = limits
        var recipe = try Recipe(text: text, file: "recipe.toml", limits: limits)
        for name in recipe.tables.map(\.name) where !name.contains(".") {
            let own = recipe.tables.filter { $0.name == name || $0.name.hasPrefix(name + ".") }
            do { _ = try RecipeSteps(Recipe(recipe, tables: own)) } catch {
                let others = recipe.tables.filter { table in !own.contains { $0.name == table.name } }
                recipe = Recipe(recipe, tables: others)
            }
        }
        steps = try RecipeSteps(recipe).chain(LearntModels())
    }

    /// Of each text every rule's answer, the one nearest its limit first.
    package func values(of texts: [String]) -> [[Verdict.Check]] {
        let chain = StepChain(steps, limits: limits)
        return texts.map { text in
            var document = WashedDocument(text: Array(text.utf8), source: "", place: "")
            return chain.explain(&document).filter { !Self.questions.contains($0.rule) }.enumerated()
                .sorted { ($0.element.margin, $0.offset) < ($1.element.margin, $1.offset) }
                .map(\.element)
        }
    }
}
