/// How JSON is written in answers: on one line, with at most one space after a comma or a colon.
///
/// More white space would be allowed by JSON, and a model that is unsure would write it without end.
enum JSONText {
    private static let shortEscapes: [(scalar: UInt32, letter: UInt8)] = [
        (0x22, 0x22), (0x5C, 0x5C), (0x08, 0x62), (0x0C, 0x66), (0x0A, 0x6E), (0x0D, 0x72), (0x09, 0x74),
    ]
    /// What stands in a string as it is.
    static let unescaped = ScalarSet([0x00...0x1F, 0x22...0x22, 0x5C...0x5C]).inverted

    /// One of these scalars as part of a JSON string, spelled in the one usual way.
    static func character(in scalars: ScalarSet, to set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        var choices: [RuleSet.NodeID] = []
        let plain = scalars.intersection(unescaped)
        if !plain.isEmpty { choices.append(try set.add(.scalars(plain))) }
        let controls =
            (UInt32(0)..<0x20).filter { scalars.contains($0) } + [0x22, 0x5C].filter { scalars.contains($0) }
        for scalar in controls {
            if let short = shortEscapes.first(where: { $0.scalar == scalar }) {
                choices.append(try set.add(.literal([0x5C, short.letter])))
            } else {
                let digits = String(scalar, radix: 16)
                choices.append(try set.literal("\\u00" + (digits.count == 1 ? "0" : "") + digits))
            }
        }
        return try set.choice(choices)
    }

    /// Any character of a JSON string, in any of its spellings; each counts one for `minLength` and `maxLength`.
    static func anyCharacter(_ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        func bytes(_ texts: String...) throws(GrammarError) -> RuleSet.NodeID {
            var ranges: [ClosedRange<UInt8>] = []
            for text in texts {
                let ends = Array(text.utf8)
                ranges.append(ends[0]...ends[ends.count - 1])
            }
            return try set.add(.bytes(ranges))
        }
        let backslash = try set.literal("\\")
        let u = try set.literal("\\u")
        let hex = try bytes("09", "af", "AF")
        let short = try set.sequence([backslash, try bytes("\"", "\\", "/", "b", "f", "n", "r", "t")])
        let low = try set.sequence([u, try bytes("09", "ac", "ef", "AC", "EF"), hex, hex, hex])
        let lowD = try set.sequence([u, try bytes("d", "D"), try bytes("07"), hex, hex])
        let pair = try set.sequence([
            u, try bytes("d", "D"), try bytes("89", "ab", "AB"), hex, hex, u, try bytes("d", "D"),
            try bytes("cf", "CF"), hex, hex,
        ])
        return try set.choice([try set.add(.scalars(unescaped)), short, low, lowD, pair])
    }

    static func comma(_ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID { try separator(",", &set) }

    static func colon(_ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID { try separator(":", &set) }

    private static func separator(_ text: String, _ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        try set.sequence([try set.literal(text), try set.optional(try set.literal(" "))])
    }
}
