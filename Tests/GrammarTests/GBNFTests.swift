import Grammar
import Testing

@Suite struct GBNFTests {
    @Test(arguments: [
        (#"root ::= "a" b* | "c"{2,3}\#nb ::= [xy]"#, ["a", "axyx", "cc", "ccc"], ["", "ab", "c", "cccc", "axz"]),
        (#"root ::= "<" . ">" # any"#, ["<a>", "<你>", "<\n>"], ["<>", "<ab>"]),
        (#"root ::= [^a-c\n]+ "\x41\u4f60""#, ["zA你", "ddA你"], ["aA你", "A你", "zA"]),
        (#"root ::= ("a" |\#n  "b" # two\#n) "c"?"#, ["a", "bc"], ["c", "ab"]),
        (#"root ::= "(" root ")" | "x""#, ["x", "((x))"], ["(x", "()"]),
        (#"root ::= x{3,} y{,2}\#nx ::= "x"\#ny ::= "y""#, ["xxx", "xxxxxyy"], ["xx", "xxxyyy"]),
        (#"root ::= (("a" | "bb"){2,60} "!"){1,40}"#, ["aa!", "abbabb!aa!"], ["a!", "b!"]),
    ])
    func matches(grammar: String, fitting: [String], other: [String]) throws {
        let grammar = try Grammar(gbnf: grammar)
        for text in fitting { #expect(grammar.matches(text), "\(text)") }
        for text in other { #expect(!grammar.matches(text), "\(text)") }
    }

    @Test(arguments: [
        "root ::= root \"a\" | \"b\"", "root ::= a\na ::= [x]* b\nb ::= a", "root ::= (\"\" | x)\nx ::= x? \"a\"",
        "a ::= \"x\"",
        "root ::= b", "root ::= \"a", "root ::= [a", "root ::= (\"a\"", "root ::= a\na ::= \"x\" a", "root ::= [b-a]",
        "root ::= \"a\"{3,2}", "root ::= \"a\"{9999999}", "root ::= *", "root = \"a\"", "root ::= <[12]>", "",
        "root ::= \"a\"\nroot ::= \"b\"", "root ::= []",
    ])
    func refuses(grammar: String) {
        #expect(throws: GrammarError.self) { try Grammar(gbnf: grammar) }
    }

    @Test func leftRecursionNamesItsRules() {
        #expect(throws: GrammarError.leftRecursion(rules: ["root", "list", "root"])) {
            try Grammar(gbnf: "root ::= list \"a\" | \"c\"\nlist ::= \"\" root \"b\" | root \"d\"")
        }
    }

    @Test func hostileGrammarsAreRefusedOrReadInTime() throws {
        let nested =
            "root ::= " + String(repeating: "(", count: 60_000) + "\"a\"" + String(repeating: ")", count: 60_000)
        #expect(throws: GrammarError.self) { try Grammar(gbnf: nested) }
        let chain = (0..<15_000).map { "r\($0) ::= \"a\" r\($0 + 1)" }.joined(separator: "\n") + "\nr15000 ::= \"b\""
        _ = try Grammar(gbnf: "root ::= r0\n" + chain)
        #expect(throws: GrammarError.self) { try Grammar(gbnf: "root ::= [ab]* \"a\" [ab]{40}") }
        let long = try Grammar(gbnf: "root ::= \"x\"{1000000} \"y\"")
        var matcher = long.matcher()
        let goesOn = matcher.read(String(repeating: "x", count: 5000))
        #expect(goesOn && !matcher.isComplete)
        let ambiguous = try Grammar(
            gbnf: "root ::= a | b\na ::= \"x\" root \"1\" | \"x\"\nb ::= \"x\" root \"2\" | \"x\" root \"3\" a?")
        var reader = ambiguous.matcher()
        _ = reader.read(String(repeating: "x", count: 200))
    }
}
