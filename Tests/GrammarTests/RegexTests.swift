import Grammar
import Testing

@Suite struct RegexTests {
    @Test(arguments: [
        (#"\d{3}-\w+"#, ["123-ab_1"], ["12-a", "123-", "123-é"]),
        ("^(?:yes|no)$", ["yes", "no"], ["yess", ""]),
        ("[^a-c]+?x", ["zx", "你x"], ["ax", "x"]),
        (#"a.c|\u{4F60}\n"#, ["abc", "a😀c", "你\n"], ["a\nc"]),
        ("(a|aa){2,300}", ["aa", "aaaaaaa"], ["a"]),
        ("x{2}y{0}z{1,}", ["xxz", "xxzz"], ["xxyz", "xx"]),
        ("a{,2}", ["a{,2}"], ["a", "aa"]),
        (#"[\]\-\\]"#, ["]", "-", "\\"], ["a"]),
        ("", [""], ["a"]),
    ])
    func matches(expression: String, fitting: [String], other: [String]) throws {
        let grammar = try Grammar(regex: expression)
        for text in fitting { #expect(grammar.matches(text), "\(text)") }
        for text in other { #expect(!grammar.matches(text), "\(text)") }
    }

    @Test(arguments: [
        #"(a)\1"#, "(?=a)b", "(?<!a)b", #"\bword"#, #"\p{L}"#, "(?i)a", "(", ")", "[a", "a**", "*", "a{3,2}",
        "x{99999999}", "a^b", "a$b", "(^a)*", #"\"#, #"\q"#, "[z-a]", "a++",
    ])
    func refuses(expression: String) {
        #expect(throws: GrammarError.self) { try Grammar(regex: expression) }
    }

    @Test func hostileExpressionsAreRefusedOrReadInTime() throws {
        #expect(throws: GrammarError.self) { try Grammar(regex: String(repeating: "(", count: 60_000)) }
        let counted = try Grammar(regex: "(a|b)*a(a|b){60}")
        #expect(counted.matches(String(repeating: "ab", count: 300) + "b") && !counted.matches("ab"))
        // More readings than may be open: given up, in time.
        let grammar = try Grammar(regex: "((a{1,1000}){1,1000}){1,1000}")
        #expect(!grammar.matches(String(repeating: "a", count: 500)))
    }
}
