import Grammar
import JSON
import Kernels
import Testing

@Suite struct TokenMasksTests {
    /// Every byte, some words, tokens that cross the borders of JSON's parts, and halves of characters.
    static let tokens: [[UInt8]] = {
        var tokens = (0...255).map { [UInt8($0)] }
        for word in [
            "{\"", "\":", "\": \"", "\", \"", "\"}", "}}", "true", "false", "null", "name", "\"name\"", "12", "345",
            "你好", "，",
            "[1", "],", "]}", " \"", "\\n", "\\u", "abc", "abcd", "xx", "xxxx", "a\"", "a\",", "\"a\": 1", "{}", "🙂",
        ] { tokens.append(Array(word.utf8)) }
        tokens.append(Array("你".utf8.prefix(2)))
        tokens.append(Array("你".utf8.dropFirst(2)) + Array("\"".utf8))
        tokens += [[], Array("xx".utf8), Array("</s>".utf8)]
        return tokens
    }()
    static let end = Int32(tokens.count - 1)
    static let trie = TokenTrie(tokens: tokens, endTokens: [end])

    /// What a mask must be: each token tried by itself.
    static func oracle(_ state: TokenMatcher) -> Set<Int32> {
        var allowed: Set<Int32> = state.isComplete ? [end] : []
        for (id, bytes) in tokens.enumerated() where !bytes.isEmpty && id != Int(end) {
            var matcher = state.matcher
            if matcher.read(bytes) { allowed.insert(Int32(id)) }
        }
        return allowed
    }

    static func set(_ words: [UInt64]) -> Set<Int32> {
        Set(tokens.indices.filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }.map(Int32.init))
    }

    static let grammars: [@Sendable () throws -> Grammar] = [
        { try Grammar.jsonObject() },
        { try Grammar(gbnf: "root ::= (\"x\"{2,9} \"a\"?){1,3} \"你好\" tail\ntail ::= \"(\" tail \")\" | [^x]*") },
        { try Grammar(regex: "(a|ab|abc)*(x{3,200}|你+)") },
        {
            try Grammar(
                jsonSchema: JSONValue(
                    parsing: """
                        {"type": "object", "properties": {"name": {"type": "string", "maxLength": 5},
                        "n": {"type": "array", "items": {"type": "integer", "maximum": 400}, "maxItems": 3},
                        "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "required": ["name"]}
                        """))
        },
    ]

    @Test(arguments: grammars.indices)
    func masksAreWhatEachTokenAloneSays(index: Int) throws {
        let masks = TokenMasks(try Self.grammars[index](), Self.trie)
        for seed in UInt64(0)..<25 {
            var random = SplitMix64(seed: seed)
            var state = masks.start()
            for _ in 0..<40 {
                let allowed = Self.set(state.allowed())
                #expect(allowed == Self.oracle(state), "grammar \(index), seed \(seed)")
                #expect(!allowed.isEmpty)
                guard let token = allowed.sorted().randomElement(using: &random), token != Self.end else { break }
                let copy = state
                let isAccepted = state.accept(token)
                #expect(isAccepted)
                #expect(Self.set(copy.allowed()) == allowed, "a copy changed")
            }
        }
    }

    @Test func onlyTheEndFollowsWhatIsWhole() throws {
        let masks = TokenMasks(try Grammar(regex: "abc"), Self.trie)
        var state = masks.start()
        let strangers = [Self.end, -1, .max].map { state.accept($0) }
        let letters = "abc".utf8.map { state.accept(Int32($0)) }
        #expect(strangers == [false, false, false] && letters == [true, true, true])
        #expect(state.isComplete && Self.set(state.allowed()) == [Self.end])
        let more = [Self.end, Int32(UInt8(ascii: "a"))].map { state.accept($0) }
        #expect(more == [false, false])
    }
}
