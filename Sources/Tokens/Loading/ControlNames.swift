/// Names that only control tokens have, whatever kind a file says they are.
enum ControlNames {
    /// After these a model has nothing more to say.
    static let endsOfTurn: Set<String> = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
        "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
        "<end_of_utterance>",
        "<eos>", "<turn|>", "<｜end▁of▁sentence｜>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>",
    ]

    /// Marks of prompts that complete code.
    private static let infill: Set<String> = [
        "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<fim-prefix>", "<fim-suffix>", "<fim-middle>",
        "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<PRE>",
        "<SUF>", "<MID>",
        "▁<PRE>", "▁<SUF>", "▁<MID>", "<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>", "<|prefix|>",
        "<|suffix|>", "<|middle|>", "<fim-pad>", "<fim_pad>", "<fim-repo>", "<reponame>",
    ]

    static let all = endsOfTurn.union(infill)

    /// A quick look that spares hashing most of a vocabulary.
    @inline(__always)
    static func mayBe(_ spelling: String) -> Bool {
        let last = spelling.utf8.last
        return (last == 0x3E || last == 0x5D) && spelling.utf8.count > 3
    }
}
