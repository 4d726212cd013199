/// What a new vocabulary is to be.
public struct TokenizerTrainingSettings: Sendable {
    /// ChatML's marks, those of reasoning and of tool calls, and places for what is thought of later. Their ids are the
    /// first ones, so they stay the same whatever the size.
    public static let controlTokensDefault =
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + (0..<13).map { "<|reserved_\($0)|>" }

    /// ChatML, in the dialect that Hugging Face's and llama.cpp's readers know.
    public static let chatTemplateDefault = """
        {%- for message in messages %}
        {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\\n' }}
        {%- endif %}
        """

    /// For models that were only taught to go on with a text: what was said so far, and nothing else.
    public static let continuationTemplate = """
        {%- for message in messages %}
        {{- message['content'] }}
        {%- endfor %}
        """

    /// Ids of the finished vocabulary: control tokens, 256 bytes, merges. Fewer when the text has no more pairs.
    public var vocabularySize: Int
    /// Bytes of one token. 24 bytes are eight Han characters, a long English word, an indentation of six levels:
    /// without a bound, sentences that a corpus repeats become tokens.
    public var tokenBytesMax = 24
    /// Percent of the merges, at most, that join whole words and signs to phrases: " of the", ", and"; 0 for none.
    /// Phrases that occur less often than the next pair within words are not taken.
    ///
    /// Phrases need a way of cutting text that lets words join when serving (SuperBPE's, `TrainingPattern.phrases`).
    public var phrasePercent = phrasePercentDefault
    public static let phrasePercentDefault = 10
    public static let phrasePercentMax = 50
    /// How often a pair has to occur to be merged.
    public var pairCountMin = 2
    public var controlTokens = controlTokensDefault
    public var chatTemplate: String? = chatTemplateDefault
    /// Threads that read text. The vocabulary does not depend on it.
    public var threads: Int

    public init(vocabularySize: Int, threads: Int = 1) {
        self.vocabularySize = vocabularySize
        self.threads = threads
    }

    /// Merges that may join words; most others come first.
    var phraseMerges: Int { (vocabularySize - controlTokens.count - 256) * phrasePercent / 100 }

    /// Throws `TokensError` when no vocabulary can be like this.
    func check(_ limits: TokensLimits) throws(TokensError) {
        let least = controlTokens.count + 256
        guard (least...limits.tokensMax).contains(vocabularySize) else {
            throw .malformed(
                what: "vocabulary size", expected: "\(least)…\(limits.tokensMax)", found: "\(vocabularySize)")
        }
        guard (2...limits.trainedTokenBytesMax).contains(tokenBytesMax) else {
            throw .malformed(
                what: "longest token in bytes", expected: "2…\(limits.trainedTokenBytesMax)", found: "\(tokenBytesMax)")
        }
        guard (0...Self.phrasePercentMax).contains(phrasePercent) else {
            throw .malformed(
                what: "percent of merges that join words", expected: "0…\(Self.phrasePercentMax)",
                found: "\(phrasePercent)")
        }
        guard pairCountMin >= 1, threads >= 1, threads <= limits.trainingThreadsMax else {
            throw .malformed(
                what: "training settings",
                expected: "pairs that occur at least once, 1…\(limits.trainingThreadsMax) threads",
                found: "\(pairCountMin) times, \(threads) threads")
        }
        guard Set(controlTokens).count == controlTokens.count, controlTokens.first == "<|endoftext|>",
            controlTokens.allSatisfy({ $0.hasPrefix("<|") && $0.hasSuffix("|>") })
        else {
            throw .malformed(
                what: "control tokens", expected: "different names, <|endoftext|> first, each of the form <|…|>",
                found: controlTokens.joined(separator: " "))
        }
    }
}
