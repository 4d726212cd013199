/// Gopher's rules for a document (Rae et al. 2021, A.1.1). Words are runs of letters and digits, or single Han
/// characters; `[gopher.zh]` has the Chinese counterparts.
struct GopherQuality: DocumentStep {
    static let name = "gopher"

    struct Settings: Sendable {
        var wordsMin: Double?
        var wordsMax: Double?
        var wordLengthMin: Double?
        var wordLengthMax: Double?
        var hashesPerWordMax: Double?
        var ellipsesPerWordMax: Double?
        var bulletLinesMax: Double?
        var ellipsisLinesMax: Double?
        var letteredWordsMin: Double?
        var functionWordsMin: Double?
    }

    let settings: ByLanguage<Settings>

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        settings = try ByLanguage(table, recipe) { (table, language) throws(WashingError) in
            Settings(
                wordsMin: try table.optionalNumber("words_min"), wordsMax: try table.optionalNumber("words_max"),
                wordLengthMin: try table.optionalNumber("word_length_min"),
                wordLengthMax: try table.optionalNumber("word_length_max"),
                hashesPerWordMax: try table.optionalNumber("hashes_per_word_max"),
                ellipsesPerWordMax: try table.optionalNumber("ellipses_per_word_max"),
                bulletLinesMax: try table.optionalNumber("bullet_lines_max"),
                ellipsisLinesMax: try table.optionalNumber("ellipsis_lines_max"),
                letteredWordsMin: try table.optionalNumber("lettered_words_min"),
                functionWordsMin: try table.optionalNumber("function_words_min"))
        }
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let scan = workspace.scan(document)
        let settings = settings.settings(for: document.language)
        let words = Double(scan.words)
        let perWord = 1 / max(1, words)
        let counts = scan.counts
        let perLine = 1 / Double(max(1, scan.lines.count))
        let bullets = scan.lines.reduce(0) { $0 + ($1.startsWithBullet ? 1 : 0) }
        let ellipses = scan.lines.reduce(0) { $0 + ($1.endsInEllipsis ? 1 : 0) }
        let wordLength = Double(counts.wordScalars) * perWord
        if workspace.verdict.check("words_min", words, atLeast: settings.wordsMin)
            || workspace.verdict.check("words_max", words, atMost: settings.wordsMax)
            || workspace.verdict.check("word_length_min", wordLength, atLeast: settings.wordLengthMin)
            || workspace.verdict.check("word_length_max", wordLength, atMost: settings.wordLengthMax)
            || workspace.verdict.check(
                "hashes_per_word_max", Double(counts.hashSigns) * perWord, atMost: settings.hashesPerWordMax)
            || workspace.verdict.check(
                "ellipses_per_word_max", Double(counts.ellipses) * perWord, atMost: settings.ellipsesPerWordMax)
            || workspace.verdict.check("bullet_lines_max", Double(bullets) * perLine, atMost: settings.bulletLinesMax)
            || workspace.verdict.check(
                "ellipsis_lines_max", Double(ellipses) * perLine, atMost: settings.ellipsisLinesMax)
            || workspace.verdict.check(
                "lettered_words_min", Double(counts.letteredWords) * perWord, atLeast: settings.letteredWordsMin)
        {
            return
        }
        _ = workspace.verdict.check(
            "function_words_min", Double(counts.functionWords), atLeast: settings.functionWordsMin)
    }
}
