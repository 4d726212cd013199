/// What steps do, for those who do not know their names.
enum StepName {
    private static let meanings = [
        "normalize": "归一化 characters, spaces", "unwrap": "合并断行 broken lines",
        "marks": "标点、表情 runs of marks", "language": "语种 language",
        "words": "词表 listed words", "personal": "个人信息 personal data", "c4": "C4 网页杂行 page lines",
        "gopher": "Gopher 质量 lengths, words", "repetition": "文内重复 repetition",
        "fineweb": "FineWeb 行 line ends", "chinese": "中文质量 Chinese", "perplexity": "困惑度 perplexity",
        "classifier": "分类器 classifier", "decontaminate": "评测去污染 evaluations", "exact": "全同 copies",
        "near": "近似 near copies", "lines": "重复行 shared lines", "passages": "重复段 shared passages",
        "dialogue": "问答 dialogue", "mixture": "配比 mixture", "split": "拆分 split",
    ]

    /// `near · 近似 near copies`; a step that is not known by its name alone.
    static func explained(_ name: String) -> String { meanings[name].map { "\(name) · \($0)" } ?? name }
}
