/// Pre-tokenizers by the name that GGUF files give them (`tokenizer.ggml.pre`).
extension PreTokenizer {
    struct Named: Sendable {
        var preTokenizer: PreTokenizer
        /// A piece that is a token is not merged but taken whole.
        var ignoresMerges = false
        /// Whether a prompt begins with BOS when the file does not say.
        var addsBOS = false
    }

    static let gpt2 = PreTokenizer(steps: [.words(.gpt2)])
    static let qwen2 = PreTokenizer(steps: [.words(.qwen2)])
    static let llama3 = PreTokenizer(steps: [.words(.llama3)])
    static let digitsThenGPT2 = PreTokenizer(steps: [
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number), scalarsMax: 1)), .words(.gpt2),
    ])
    static let falcon = PreTokenizer(steps: [
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.punctuation, ranges: "$+<=>^~|`"))), .words(.gpt2),
        threeDigits,
    ])
    /// What llama.cpp takes for vocabularies that name none.
    static let unnamed = PreTokenizer(steps: [
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.punctuation, ranges: "$+<=>^~|"))), .words(.gpt2),
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number))), threeDigits,
    ])
    /// ` ?[^(\s|.,!?…。，、।۔،)]+`
    static let bloom = PreTokenizer(steps: [
        .runs(
            RunPattern(
                set: ScalarSet(classes: ScalarClasses.space, ranges: "(|.,!?…。，、।۔،)", isInverted: true), prefix: .space
            ))
    ])
    static let viking = PreTokenizer(
        steps: bloom.steps + [.runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number), scalarsMax: 1))])

    /// Nothing is cut but numbers: tokens may join words.
    static let superBPE = PreTokenizer(steps: [
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number))), .thousands,
    ])

    private static let threeDigits = Step.runs(RunPattern(set: ScalarSet(ranges: "0-9"), scalarsMin: 3, scalarsMax: 3))

    /// Vocabularies that share a pre-tokenizer.
    static let families: [(names: [String], value: Named)] = [
        (
            [
                "gpt-2", "gpt2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de", "a.x-4.0",
                "mellum",
                "modern-bert", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4",
            ], Named(preTokenizer: gpt2)
        ),
        (
            [
                "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "stablelm2", "hunyuan", "megrez", "grok-2",
                "solar-open",
            ],
            Named(preTokenizer: qwen2)
        ),
        (["qwen35"], Named(preTokenizer: PreTokenizer(steps: [.words(.qwen35)]))),
        (
            ["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano"],
            Named(preTokenizer: llama3, ignoresMerges: true, addsBOS: true)
        ),
        (["glm4", "glm5"], Named(preTokenizer: llama3, ignoresMerges: true)),
        (["dbrx", "smaug-bpe", "chatglm-bpe"], Named(preTokenizer: llama3)),
        (
            ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"],
            Named(preTokenizer: digitsThenGPT2)
        ),
        (["falcon"], Named(preTokenizer: falcon)),
        (["default"], Named(preTokenizer: unnamed)),
        (["deepseek-llm"], Named(preTokenizer: deepSeekLLM)),
        (["deepseek-coder"], Named(preTokenizer: deepSeekCoder)),
        (["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"], Named(preTokenizer: deepSeek3)),
        (
            ["tekken"],
            Named(
                preTokenizer: PreTokenizer(
                    steps: [.casedWords(CasedWordPattern(digitsMax: 1, takesContractions: false))]),
                ignoresMerges: true, addsBOS: true)
        ),
        (
            ["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
            Named(preTokenizer: PreTokenizer(steps: [.casedWords(CasedWordPattern())]))
        ),
        (["bloom", "poro-chat", "gpt3-finnish"], Named(preTokenizer: bloom)),
        (["viking"], Named(preTokenizer: viking)),
        (["superbpe"], Named(preTokenizer: superBPE)),
        (["seed-coder"], Named(preTokenizer: PreTokenizer(steps: [.words(WordPattern(symbolsTakeNewlines: false))]))),
        (["bailingmoe", "bailingmoe2", "llada-moe"], Named(preTokenizer: qwen2)),
        (["ufakzeka"], Named(preTokenizer: PreTokenizer(steps: [.words(WordPattern(contractions: .none))]))),
    ]

    static func named(_ name: String) throws(TokensError) -> Named {
        for family in families where family.names.contains(name) { return family.value }
        let supported = families.flatMap(\.names).sorted().joined(separator: ", ")
        throw .unsupported(what: "pre-tokenizer (tokenizer.ggml.pre)", found: name, supported: supported)
    }
}
