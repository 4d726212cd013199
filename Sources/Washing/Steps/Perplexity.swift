/// How surprising a text is to a model of words that the washing has learnt: of text that the recipe calls good, or
/// of a sample of the text itself that passed the steps before.
///
/// Limits follow from text that the model did not read: a tenth of what the recipe calls good, or of the sample. They
/// are shares of it, the worst and the most predictable (CCNet's tail is the worst third by the same measure), so many
/// times its median, or the share in which the order of the words saves least: words in no order are not surprising by
/// themselves.
struct Perplexity: DocumentStep {
    static let name = "perplexity"

    struct Settings: Sendable {
        var worstShare: Double
        /// Times the median of the sample; 0 for no such limit.
        var medianTimes: Double
        var predictableShare: Double
        var disorderedShare: Double
        /// Texts of fewer words say too little.
        var wordsMin: Int
        var like: [String]
        var sampleBytes: Int

        init(_ table: RecipeTable) throws(WashingError) {
            var table = table
            worstShare = try table.number("worst_share_max", 0)
            medianTimes = try table.number("median_times_max", 0)
            predictableShare = try table.number("predictable_share_max", 0)
            disorderedShare = try table.number("disordered_share_max", 0)
            wordsMin = try table.count("words_min", 20)
            like = try table.list("like")
            sampleBytes = try table.count("sample_bytes", 16 << 20)
            try table.finish()
        }
    }

    let settings: Settings
    let models: LearntModels

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let language = Self.group(document.language)
        guard let model = models.perplexity[language] else { return }
        let scan = workspace.scan(document)
        guard scan.words >= settings.wordsMin, let value = model.surprise(scan) else { return }
        let facts = models.facts
        if workspace.verdict.check("surprising_max", value.perplexity, atMost: facts.perplexityMax[language])
            || workspace.verdict.check("predictable_min", value.perplexity, atLeast: facts.perplexityMin[language])
            || workspace.verdict.check("order_min", value.order, atLeast: facts.orderMin[language])
        {
            return
        }
        document.scores.append(("perplexity", value.perplexity))
    }

    /// Which model judges a language.
    static func group(_ language: String) -> String {
        language.isEmpty ? "other" : String(language.prefix { $0 != "-" })
    }
}
