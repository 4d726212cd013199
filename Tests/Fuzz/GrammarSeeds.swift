import Grammar

/// Sound schemas, grammars and expressions.
enum GrammarSeeds {
    /// Small limits: what is looked for is traps and stalls.
    static var limits: GrammarLimits {
        var limits = GrammarLimits()
        limits.compileStepsMax = 300_000
        limits.statesMax = 10_000
        limits.nodesMax = 50_000
        limits.patternStatesMax = 1000
        limits.alternativesMax = 1000
        return limits
    }

    private static let trie = TokenTrie(
        tokens: (0...255).map { [UInt8($0)] }
            + ["{\"", "\": ", "\",", "}}", "true", "null", "12", "你好"].map { Array($0.utf8) }
            + [[]], endTokens: [264])

    /// Takes the first token that may follow, a few times: what the engine would do.
    static func walk(_ grammar: Grammar) {
        var state = TokenMasks(grammar, trie).start()
        for step in 0..<12 {
            let words = state.allowed()
            let tokens = (0..<265).filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
            guard !tokens.isEmpty, state.accept(Int32(tokens[step * 7 % tokens.count])) else { return }
        }
    }

    static let schemas = [object, combined].map { Array($0.utf8) }

    private static let object = #"""
        {"type":"object","properties":{"a":{"type":"string","pattern":"^[a-z]{1,5}$","maxLength":4},"b":{"type":["integer","null"],
        "minimum":-5,"exclusiveMaximum":300,"multipleOf":3},"c":{"enum":["x",1,null]},"d":{"type":"array","items":{"$ref":"#/$defs/n"},
        "minItems":1,"maxItems":3}},"required":["a"],"additionalProperties":{"type":"number","minimum":0.5},"minProperties":1,
        "$defs":{"n":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}}}}}
        """#

    private static let combined = #"""
        {"allOf":[{"properties":{"k":{"const":"x"}},"required":["k"],"type":"object"},{"patternProperties":{"^x":{"type":"boolean"}}}],
        "oneOf":[{"properties":{"t":{"const":1}},"required":["t"]},{"properties":{"t":{"const":2}},"required":["t"]}],
        "maxProperties":4,"unevaluatedProperties":false,"prefixItems":[{"format":"date"},true],"items":false}
        """#

    static let grammars = [
        "root ::= \"a\" b* | (c | \"d\"){2,30} # x\nb ::= [a-z\\x41^] .\nc ::= \"\\u4f60\" root?",
        "root ::= object\nobject ::= \"{\" (pair (\",\" pair)*)? \"}\"\npair ::= [a-z]+ \":\" (object | [0-9]{1,100})",
    ].map { Array($0.utf8) }

    static let expressions = [
        #"(?:ab|c+?)*[^\d\]x-z]{2,40}\u{4F60}|^\w+\.(?<n>\s)$"#, #"a{1,1000}(b|c){3}.?"#,
    ].map { Array($0.utf8) }
}
