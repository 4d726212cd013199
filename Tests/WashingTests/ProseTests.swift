import Testing
import Washing

/// Lines of prose, of code and of wrapped text are told apart.
@Suite struct ProseTests {
    private static let wrapped = """
        The library can be used by several programs at once, provided that each of
        them has its own handle. Handles are not shared between threads, and who-
        ever shares one must lock it. The functions below return zero when all went
        well, and another number otherwise.

          * An item of a list that is longer than a line goes on in the next one
            and is joined too, but the next item is not.
          * Another item.
        """

    @Test func wrappedTextIsJoined() throws {
        let text = try StepTests.wash(Self.wrapped, "[unwrap]").text
        #expect(
            text == """
                The library can be used by several programs at once, provided that each of them has its own handle. \
                Handles are not shared between threads, and who-ever shares one must lock it. The functions below \
                return zero when all went well, and another number otherwise.

                  * An item of a list that is longer than a line goes on in the next one and is joined too, but the \
                next item is not.
                  * Another item.
                """)
        #expect(try StepTests.wash(text, "[unwrap]").text == text)
    }

    @Test func wrappedChineseIsJoinedWithoutSpaces() throws {
        let sentence = "本手册说明如何安装和使用这个程序，以及怎样排除常见的故障，请在开始之前仔细读完第一章的内容。"
        let scalars = Array(String(repeating: sentence, count: 4))
        let lines = stride(from: 0, to: scalars.count, by: 30).map { start in
            String(scalars[start..<min(start + 30, scalars.count)])
        }
        #expect(try StepTests.wash(lines.joined(separator: "\n"), "[unwrap]").text == String(scalars))
    }

    @Test(arguments: [
        "Salt\nPepper\nTwo eggs\nOlive oil\nA glass of water\nBread",
        "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。",
        "| a table has rows that are all of one width | 12 |\n| and another row of the table stands below it | 1 |",
        "for (int i = 0; i < count; i++) {\n    sum += values[i];\n    check(sum);\n}\nreturn sum;",
        "# Head\nA line that ends a sentence.\nAnother that ends one, too.\nAnd a third, of another length altogether.",
    ])
    func otherLineEndsStay(text: String) throws {
        #expect(try StepTests.wash(text, "[unwrap]").text == text)
    }

    @Test func codeDoesNotCountAsRepetition() throws {
        let prose = (0..<6).map { line in (0..<12).map { "word\(line * 12 + $0)" }.joined(separator: " ") + "." }
        let code = Array(repeating: "return check(value, of: list);", count: 30)
        let rules = "[repetition]\nlines_max = 0.3\nline_bytes_max = 0.3\nrepeated_grams_max = [\"5 0.5\"]"
        let fenced = (prose + ["```"] + code + ["```"]).joined(separator: "\n")
        #expect(try StepTests.wash(fenced, rules).rule == nil)
        #expect(try StepTests.wash((prose + code).joined(separator: "\n"), rules).rule == "repetition.lines_max")
        // Hardly any prose: then it is judged as it is.
        let all = (["A page."] + ["```"] + code + ["```"]).joined(separator: "\n")
        #expect(try StepTests.wash(all, rules).rule == "repetition.lines_max")
    }

    @Test func shortTextsStayWhenTheyAreWhole() throws {
        let rules = "[gopher]\nwords_min = 50\nwhole_words_min = 10\nfunction_words_min = 2"
        let whole = "Darts\nDarts is a game in which players throw small pointed things at a round board."
        #expect(try StepTests.wash(whole, rules).rule == nil)
        #expect(try StepTests.wash("Home Products News About Contact Login Help More Back Search", rules).rule != nil)
        #expect(try StepTests.wash("Too short.", rules).rule == "gopher.words_min")
    }

    @Test func listsBeforeTextAreNoMenus() throws {
        let rules = "[fineweb]\nended_line_bytes_min = 0.2\nshort_line_bytes_max = 0.65\nshort_line_characters = 30"
        let recipe =
            (0..<8).map { "\($0) cups of flour\n" }.joined()
            + "Mix everything in a large bowl until it is smooth, then let it rest for an hour in a warm place.\n"
            + "Bake it in a hot oven until it is brown, and serve it with butter while it is still warm."
        #expect(try StepTests.wash(recipe, rules).rule == nil)
        let menu = (0..<40).map { "Products \($0)" }.joined(separator: "\n")
        #expect(try StepTests.wash(menu, rules).rule != nil)
    }

    @Test(arguments: [
        ("狗在追猫。\nThe dog is chasing the cat.", "zh"),
        ("A calculator is a device of small size that is used for the sums of the day.", "en"),
    ])
    func shortTextsHaveALanguage(text: String, language: String) throws {
        let recipe = "[language]\nallow = [\"zh\", \"en\"]\nconfidence_min = 0.65"
        let steps = try RecipeSteps(try Recipe(text: recipe, file: "test"))
        var chain = StepChain(steps.chain(LearntModels()), limits: WashingLimits())
        var document = WashedDocument(text: Array(text.utf8), source: "test", place: "")
        #expect(chain.wash(&document) && document.language == language)
    }
}
