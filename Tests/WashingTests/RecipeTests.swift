import Testing
import Washing

@Suite struct RecipeTests {
    @Test func sectionsAndValuesAreRead() throws {
        let recipe = try Recipe(
            text: """
                name = "mine"   # a comment with "quotes"
                [gopher]
                words_min = 50
                marks = "a # b"
                is_on = true
                words = [
                    "one", # first
                    "two",
                ]
                [gopher.zh]
                words_min = 1_000
                """, file: "test")
        #expect(recipe.name == "mine")
        #expect(recipe.tables.map(\.name) == ["gopher", "gopher.zh"])
        var table = try #require(recipe.table("gopher"))
        #expect(try table.count("words_min", 0) == 50)
        #expect(try table.text("marks", "") == "a # b")
        #expect(try table.bool("is_on", false))
        #expect(try table.list("words") == ["one", "two"])
        try table.finish()
        var chinese = try #require(recipe.table("gopher.zh"))
        #expect(try chinese.number("words_min", 0) == 1000)
    }

    @Test(arguments: [
        ("[a\n", 1), ("[a]\nb\n", 2), ("[a]\nb = \"c\n", 2), ("[a]\nb = x\n", 2), ("[a]\nb = [\"c\"\n\n", 2),
        ("[a]\n[a]\n", 2), ("[a]\nb = 1\nb = 2\n", 3), ("strange = 1\n", 1), ("[a]\nb = [\"c\" \"d\"]\n", 2),
    ])
    func mistakesAreNamedByLine(text: String, line: Int) {
        #expect {
            _ = try Recipe(text: text, file: "test")
        } throws: { error in
            guard case .recipe(_, line, _) = error as? WashingError else { return false }
            return true
        }
    }

    @Test func strayAndWrongSettingsAreRefused() throws {
        var table = try #require(try Recipe(text: "[a]\nwords_mni = 3\nb = \"c\"", file: "test").table("a"))
        #expect(throws: WashingError.self) { try table.number("b", 0) }
        #expect(throws: WashingError.self) { try table.finish() }
    }

    @Test func theShippedRecipeIsRead() throws {
        for name in Recipe.shipped { #expect(try Recipe.load(name).name == name) }
        #expect(throws: WashingError.self) { try Recipe.load("none-such") }
    }
}
