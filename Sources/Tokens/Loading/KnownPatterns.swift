/// The regular expressions that tokenizer.json files in the wild split with, and the scanners that do the same.
enum KnownPatterns {
    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    private static let spaces = #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let symbols = #"| ?[^\s\p{L}\p{N}]+[\r\n]*"#
    private static let word = #"[^\r\n\p{L}\p{N}]?\p{L}+"#
    static let qwen2 = contractions + "|" + word + #"|\p{N}"# + symbols + spaces
    static let numbers = #"\p{N}+"#
    static let thousands = #"(?=(\d{3})+(?!\d))"#
    private static let capitals = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    private static let smalls = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    private static let possessive = #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+"#
    private static let possessiveTail = #"| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#
    private static let prefix = #"[^\r\n\p{L}\p{N}]?"#

    private static func cased(_ tail: String, digits: String) -> String {
        "\(prefix)\(capitals)*\(smalls)+\(tail)|\(prefix)\(capitals)+\(smalls)*\(tail)|\(digits)"
            + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*"# + spaces
    }

    /// Pattern, scanner.
    private static let steps: [(String, PreTokenizer.Step)] = [
        (gpt2, .words(.gpt2)),
        (contractions + "|" + word + #"|\p{N}{1,3}"# + symbols + spaces, .words(.llama3)),
        (qwen2, .words(.qwen2)),
        (contractions + "|" + word + #"|\p{N}+"# + symbols + spaces, .words(WordPattern(digitsMax: .max))),
        (
            contractions + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"# + spaces,
            .words(.qwen35)
        ),
        (word + #"|\p{N}"# + symbols + spaces, .words(WordPattern(contractions: .none))),
        (
            possessive + #"|\p{N}{1,3}"# + possessiveTail, .words(.llama3)
        ),
        (
            possessive + #"|\p{N}"# + possessiveTail, .words(.qwen2)
        ),
        (cased(contractions + "?", digits: #"\p{N}{1,3}"#), .casedWords(CasedWordPattern())),
        (cased("", digits: #"\p{N}"#), .casedWords(CasedWordPattern(digitsMax: 1, takesContractions: false))),
        (
            ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
                + #"| ?[\p{P}\p{S}]+[\r\n]*"# + spaces, .deepSeek3(DeepSeek3Pattern())
        ),
        ("[\r\n]", PreTokenizer.deepSeekLLM.steps[0]),
        ("\\s?[" + PreTokenizer.casedLetters + "]+", PreTokenizer.deepSeekLLM.steps[1]),
        ("\\s?[!-/:-~！-／：-～‘-‟\u{3000}-。]+", PreTokenizer.deepSeekLLM.steps[2]),
        (#"\s+$"#, .trailingSpace),
        ("[一-龥ࠀ-一가-\u{D7FF}]+", .runs(RunPattern(set: PreTokenizer.eastern))),
        (#"\s?\p{L}+"#, PreTokenizer.deepSeekCoder.steps[1]),
        (#"\s?\p{P}+"#, PreTokenizer.deepSeekCoder.steps[2]),
        (#"\p{N}"#, digits(max: 1)),
        (numbers, digits(max: .max)),
        (#"\p{N}{1,3}"#, digits(max: 3)),
        (thousands, .thousands),
        ("[一-龥\u{3040}-ゟ゠-ヿ]+", PreTokenizer.deepSeek3.steps[1]),
        ("[0-9][0-9][0-9]", .runs(RunPattern(set: ScalarSet(ranges: "0-9"), scalarsMin: 3, scalarsMax: 3))),
        (" ?[^(\\s|[.,!?…。，、।۔،])]+", PreTokenizer.bloom.steps[0]),
    ]

    static func digits(max: Int) -> PreTokenizer.Step {
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number), scalarsMax: max))
    }

    /// Whether every scalar is part of some match.
    static func matchesEverywhere(_ step: PreTokenizer.Step) -> Bool {
        switch step {
        case .words, .casedWords: true
        default: false
        }
    }

    static func step(_ pattern: String) throws(TokensError) -> PreTokenizer.Step {
        for (known, step) in steps where known.utf8.elementsEqual(pattern.utf8) { return step }
        throw .unsupported(
            what: "pattern of a Split pre-tokenizer", found: pattern,
            supported: "those of GPT-2, GPT-4o, Llama 3, Qwen 2 to 3.5, Tekken, DeepSeek, Falcon, BLOOM and SuperBPE "
                + "vocabularies"
        )
    }
}
