/// Gopher's rules for a document (Rae et al. 2021, A.1.1). Words are runs of letters and digits, or single Han
/// characters; `[gopher.zh]` has the Chinese counterparts.
struct GopherQuality: DocumentStep {
    static let name = "gopher"

    struct Settings: Sendable {
        var wordsMin: Double?
        /// Enough for a text that is whole: half of it in lines that end a sentence.
        var wholeWordsMin: Double?
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
                wordsMin: try table.optionalNumber("words_min"),
                wholeWordsMin: try table.optionalNumber("whole_words_min"),
                wordsMax: try table.optionalNumber("words_max"),
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
        let lines = scan.lines.filter(\.isProse)
        let perLine = 1 / Double(max(1, lines.count))
        let bullets = lines.reduce(0) { $0 + ($1.startsWithBullet ? 1 : 0) }
        let ellipses = lines.reduce(0) { $0 + ($1.endsInEllipsis ? 1 : 0) }
        // Of words that are written with letters.
        let single = counts.han + counts.kana + counts.hangul
        let wordLength =
            scan.words > single
            ? Double(counts.wordScalars - single) / Double(scan.words - single) : Double(counts.wordScalars) * perWord
        var wordsMin = settings.wordsMin
        if let least = settings.wholeWordsMin, words < wordsMin ?? 0, Self.isWhole(lines) { wordsMin = least }
        if workspace.verdict.check("words_min", words, atLeast: wordsMin)
            || workspace.verdict.check("words_max", words, atMost: settings.wordsMax)
            || workspace.verdict.check("word_length_min", wordLength, atLeast: settings.wordLengthMin)
            || workspace.verdict.check("word_length_max", wordLength, atMost: settings.wordLengthMax)
            || workspace.verdict.check(
                "hashes_per_word_max", Double(scan.prose.hashSigns) * perWord, atMost: settings.hashesPerWordMax)
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
        // A few sentences need not have any.
        guard words >= settings.wordsMin ?? 0 else { return }
        _ = workspace.verdict.check(
            "function_words_min", Double(counts.functionWords), atLeast: settings.functionWordsMin)
    }

    /// Whether half of a text is in lines that end a sentence: an entry of an encyclopedia, an article of a law, and
    /// not a heading, a menu or a notice that was cut.
    private static func isWhole(_ lines: [TextScan.Line]) -> Bool {
        let (ended, all) = lines.reduce((0, 0)) { sums, line in
            let bytes = Int(line.end - line.start)
            return (sums.0 + (line.isEnded && !line.endsInEllipsis ? bytes : 0), sums.1 + bytes)
        }
        return all > 0 && 2 * ended >= all
    }
}
