import Kernels
import Testing
import Washing

/// Each step alone, on small texts.
@Suite struct StepTests {
    /// A document's text and its rejection, after a recipe of a few lines.
    static func wash(
        _ text: String, _ recipe: String, language: String = ""
    ) throws -> (text: String, rule: String?, chain: StepChain) {
        let steps = try RecipeSteps(try Recipe(text: recipe, file: "test"))
        var chain = StepChain(steps.chain(LearntModels()), limits: WashingLimits())
        var document = WashedDocument(text: Array(text.utf8), source: "test", place: "")
        document.language = language
        let isKept = chain.wash(&document)
        let rejection = chain.rejection
        #expect(isKept == (rejection == nil))
        return (String(decoding: document.text, as: UTF8.self), rejection.map { "\($0.step).\($0.rule)" }, chain)
    }

    @Test(arguments: [
        ("ＡＢＣ１２３ ok", "ABC123 ok"), ("你好，世界！", "你好，世界！"), ("你好,世界", "你好，世界"), ("等一下, 好的", "等一下，好的"),
        ("file.txt,abc", "file.txt,abc"), ("x\u{200B}y\u{FEFF}z\u{0}", "xyz"), ("a \t  b", "a b"),
        ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"), ("a\n\n\n\n\nb", "a\n\nb"),
        ("  \n\n  head\n    code  \n", "head\n    code"),
        ("e\u{301}", "\u{E9}"), ("ｶﾞ", "カ゛"), ("ﬁne", "fine"), ("他说：好。", "他说：好。"), ("完了.", "完了。"), ("a，b", "a, b"),
        ("\u{3000}\u{3000}第一段", "第一段"), ("👨\u{200D}👩", "👨\u{200D}👩"), ("", ""), ("\n \n", ""),
    ])
    func normalizing(text: String, expected: String) throws {
        #expect(try Self.wash(text, "[normalize]").text == expected)
    }

    @Test func normalizingTwiceChangesNothing() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix64(seed: seed)
        let scalars = Array("aB1 ,.!?（），。！\u{3000}\u{200B}\n\r\t中文한かｶＡ１e\u{301}…“”👍".unicodeScalars)
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...30, using: &generator) {
                text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &generator)])
            }
            let once = try Self.wash(text, "[normalize]").text
            let twice = try Self.wash(once, "[normalize]").text
            #expect(Array(once.unicodeScalars) == Array(twice.unicodeScalars), "seed \(seed): \(text.debugDescription)")
        }
    }

    @Test(arguments: [
        ("好！！！", "好！"), ("真的吗？？", "真的吗？"), ("他走了……", "他走了……"), ("他走了。。。", "他走了……"), ("wait......", "wait..."),
        ("他......", "他……"), ("wait...", "wait..."), ("你好，，，吗", "你好，吗"), ("a --- b ==== c // d", "a --- b ==== c // d"),
        ("-----\n。。。。\n!!!!", "-----\n。。。。\n!!!!"), ("哈哈哈哈哈", "哈哈哈"), ("hello (^_^) you", "hello  you"),
        ("f(x) = (a + b)", "f(x) = (a + b)"), ("笑（´・ω・｀）了", "笑了"), ("call(^1)", "call(^1)"),
    ])
    func marks(text: String, expected: String) throws {
        let recipe = "[marks]\nrun_max = 1\nletters_max = 3\nremove_faces = true"
        #expect(try Self.wash(text, recipe).text == expected)
    }

    @Test func personalDataIsMaskedByChoice() throws {
        let text = "请拨打13812345678，或写信到 zhang.san@example.com。"
        #expect(try Self.wash(text, "[personal]").text == "请拨打[telephone]，或写信到 [mail]。")
        let some = "[personal]\nmask = [\"mail\"]"
        #expect(try Self.wash(text, some).text == "请拨打13812345678，或写信到 [mail]。")
        #expect(try Self.wash("没有什么。", "[personal]").text == "没有什么。")
        let strict = "[personal]\nper_thousand_characters_max = 5"
        #expect(try Self.wash(text, strict).rule == "personal.per_thousand_characters_max")
        #expect(throws: WashingError.self) { try Self.wash(text, "[personal]\nmask = [\"names\"]") }
    }

    /// Chinese and English side by side, and Chinese full of English words, are what a recipe for both wants.
    @Test(arguments: [
        ("老师，您好！\nHello, teacher!", nil), ("你好，很高兴认识你。\nHello, nice to meet you.", nil),
        ("title: 如何对 TiDB 进行 CH-benCHmark 测试\nsummary: 本文介绍如何对 TiDB 进行 CH-benCHmark 测试。", nil),
        ("今日は天気がいいので、公園を散歩しましょう。", "language.allow"),
        ("Das Wetter ist heute schön, gehen wir im Park spazieren.", "language.allow"),
    ] as [(String, String?)])
    func bothLanguagesAreWanted(text: String, rule: String?) throws {
        let recipe = "[language]\nallow = [\"zh\", \"zh-Hant\", \"en\"]\nconfidence_min = 0.65"
        #expect(try Self.wash(text, recipe).rule == rule)
    }

    @Test func listedWordsMatchWholeWordsAndDropDocuments() throws {
        let recipe = "[words]\nlists = [\"gambling\"]\ndifferent_max = 2"
        #expect(try Self.wash("百家乐 老虎机 六合彩", recipe).rule == "words.different_max")
        #expect(try Self.wash("百家乐 百家乐 老虎机", recipe).rule == nil)
        let line = "[words]\nlists = [\"advertising\"]\nline_words_max = 1"
        #expect(try Self.wash("第一行\n点击购买，全场包邮！\n第三行", line).text == "第一行\n第三行")
        #expect(try Self.wash("one\nClick here, FREE SHIPPING\ntwo", line).text == "one\ntwo")
        #expect(try Self.wash("cornporner", "[words]\nlists = [\"adult\"]\ndifferent_max = 0").rule == nil)
    }

    @Test func linesAreJudgedByC4() throws {
        let text =
            "A good line that ends.\nPlease enable JavaScript.\nNo end here\nRead our privacy policy.\nFine too!"
        let kept = try Self.wash(text, "[c4]\nterminal = true")
        #expect(kept.text == "A good line that ends.\nFine too!")
        #expect(try Self.wash("Lorem ipsum dolor. It is.", "[c4]").rule == "c4.lorem_ipsum")
        #expect(try Self.wash("a { b }", "[c4]\ncurly_braces = true").rule == "c4.curly_braces")
        #expect(try Self.wash("One. Two!", "[c4]\nsentences_min = 3").rule == "c4.sentences_min")
        #expect(try Self.wash("甲乙。丙丁！", "[c4]\nsentences_min = 2").rule == nil)
    }

    @Test(arguments: [
        ("words_min = 5", "one two three four", "one two three four five"),
        ("word_length_max = 5", "extraordinary words", "plain words"),
        ("hashes_per_word_max = 0.1", "a # b", "a b"), ("bullet_lines_max = 0.5", "- a\n- b\nc", "- a\nb\nc"),
        ("ellipsis_lines_max = 0.4", "a...\nb", "a...\nb\nc"), ("lettered_words_min = 0.8", "a 1 2 3", "a b c d 1"),
        ("function_words_min = 2", "the cat", "the cat and dog"), ("ellipses_per_word_max = 0.3", "a… b…", "a… b c d"),
    ])
    func gopher(setting: String, dropped: String, kept: String) throws {
        let name = String(setting.prefix { $0 != " " })
        #expect(try Self.wash(dropped, "[gopher]\n" + setting).rule == "gopher.\(name)")
        #expect(try Self.wash(kept, "[gopher]\n" + setting).rule == nil)
    }

    @Test func chineseHasItsOwnSettings() throws {
        let recipe = "[gopher]\nwords_min = 4\n[gopher.zh]\nwords_min = 2"
        #expect(try Self.wash("中文", recipe, language: "zh-Hant").rule == nil)
        #expect(try Self.wash("two words", recipe, language: "en").rule == "gopher.words_min")
    }

    @Test func repetitionIsFound() throws {
        let lines = "[repetition]\nlines_max = 0.3"
        #expect(try Self.wash("a\na\nb", lines).rule == "repetition.lines_max")
        #expect(try Self.wash("a\nb\nc\nd\na", lines).rule == nil)
        let grams = "[repetition]\nrepeated_grams_max = [\"5 0.15\"]"
        let varied = (0..<60).map { "word\($0)" }.joined(separator: " ")
        #expect(try Self.wash(varied, grams).rule == nil)
        #expect(try Self.wash(varied + " " + varied, grams).rule == "repetition.repeated_5_grams_max")
        #expect(
            try Self.wash(
                "buy now \(varied.prefix(40)) buy now buy now buy now", "[repetition]\ntop_grams_max = [\"2 0.2\"]"
            )
            .rule == "repetition.top_2_grams_max")
    }

    @Test func fineWebAndEvalWebRulesHold() throws {
        #expect(try Self.wash("a\nb\nc.", "[fineweb]\nended_lines_min = 0.5").rule == "fineweb.ended_lines_min")
        #expect(try Self.wash("short\nlines", "[fineweb]\nshort_lines_max = 0.6").rule == "fineweb.short_lines_max")
        #expect(
            try Self.wash("a\nb\nc", "[fineweb]\nnewlines_per_word_max = 0.3").rule
                == "fineweb.newlines_per_word_max")
        let chinese = "[chinese]\nhan_share_min = 0.3\nrepeated_13_grams_max = 0.3"
        #expect(try Self.wash("中 mostly English words", chinese, language: "zh").rule == "chinese.han_share_min")
        #expect(try Self.wash("mostly English words", chinese, language: "en").rule == nil)
        let sentence = "今天的天气非常好我们一起去公园散步吧"
        #expect(
            try Self.wash("\(sentence)\(sentence)\(sentence)", chinese, language: "zh").rule
                == "chinese.repeated_13_grams_max")
    }
}
