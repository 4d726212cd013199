import JSON
import Testing
import Tokens

@Suite struct AddedTokensTests {
    /// The parts that a text falls into around an added token "<X>" with some property.
    private func parts(_ text: String, _ properties: [(String, JSONValue)]) throws -> [String] {
        var members: [(key: String, value: JSONValue)] = [("id", 300), ("content", "<X>"), ("normalized", false)]
        members += properties.map { (key: $0.0, value: $0.1) }
        var document = try #require(Fixtures.document().object)
        document["added_tokens"] = .array([.object(JSONObject(members))])
        let tokenizer = try Fixtures.load(.object(document))
        var parts: [String] = []
        var ordinary: [Int32] = []
        for id in tokenizer.encode(text, special: true) {
            if id == 300 {
                parts += [tokenizer.decode(ordinary), "X"]
                ordinary = []
            } else {
                ordinary.append(id)
            }
        }
        return parts + [tokenizer.decode(ordinary)]
    }

    @Test func plainOnesAreCutOutWhereverTheyStand() throws {
        #expect(try parts("a <X> b", []) == ["a ", "X", " b"])
        #expect(try parts("<X><X>", []) == ["", "X", "", "X", ""])
        #expect(try parts("<<X>>", []) == ["<", "X", ">"])
    }

    @Test func someTakeTheWhiteSpaceBesideThem() throws {
        #expect(try parts("a \n<X> b", [("lstrip", true)]) == ["a", "X", " b"])
        #expect(try parts("a <X>\u{3000} b", [("rstrip", true)]) == ["a ", "X", "b"])
        #expect(try parts("  <X>  ", [("lstrip", true), ("rstrip", true)]) == ["", "X", ""])
        // The white space between two goes with the first; the second may not reach into it.
        #expect(try parts("<X> <X>", [("lstrip", true), ("rstrip", true)]) == ["", "X", "", "X", ""])
    }

    @Test func someStandOnlyAlone() throws {
        let alone: [(String, JSONValue)] = [("single_word", true)]
        #expect(try parts("a <X> b", alone) == ["a ", "X", " b"])
        for text in ["a<X>", "<X>1", "_<X>", "é<X>", "<X>中"] { #expect(try parts(text, alone) == [text]) }
        #expect(try parts(".<X>!", alone) == [".", "X", "!"])
    }

    @Test func theLongestOfThoseThatBeginAtAPlace() throws {
        var metadata = Fixtures.byteLevel(pre: "gpt-2")
        metadata["tokens"] = (metadata["tokens"] as? [String]).map { $0 + ["<a>", "<a><b>"] }
        metadata["token_type"] = (metadata["token_type"] as? [Int]).map { $0 + [4, 4] }
        let tokenizer = try Tokenizer.gguf(metadata)
        let ids = tokenizer.encode("<a><b><a>", special: false)
        #expect(ids.map { tokenizer.decode([$0]) } == ["<a><b>", "<a>"])
    }

    /// Tokens whose names only control tokens have are control tokens, unless text can be merged to them.
    @Test func namesThatMeanControl() throws {
        var metadata = Fixtures.byteLevel(pre: "qwen2")
        metadata["tokens"] = (metadata["tokens"] as? [String]).map { $0 + ["<|im_end|>", "</s>"] }
        metadata["token_type"] = (metadata["token_type"] as? [Int]).map { $0 + [1, 1] }
        let tokenizer = try Tokenizer.gguf(metadata)
        let end = try #require(tokenizer.id(of: "<|im_end|>"))
        #expect(tokenizer.isSpecial(end) && tokenizer.endOfTurnIDs.contains(end))
        #expect(tokenizer.id(of: "</s>").map { tokenizer.isSpecial($0) } == false)
        #expect(!tokenizer.encode("<|im_end|>", special: false).contains(end))
    }
}
