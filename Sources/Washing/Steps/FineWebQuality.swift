/// FineWeb's rules for lines (Penedo et al. 2024, 3.5); `[fineweb.zh]` has limits measured on Chinese text, where a
/// line of thirty characters is long. Lines are those of prose: no code, no tables.
struct FineWebQuality: DocumentStep {
    static let name = "fineweb"

    struct Settings: Sendable {
        /// Share of lines that end in a mark that ends sentences.
        var endedLinesMin: Double?
        /// Share of the bytes in such lines: headings and menus around a text are many lines and few bytes.
        var endedLineBytesMin: Double?
        /// A line of so many words counts as one that ends a sentence: a paragraph whose end is a link; 0 for none.
        var longLineWords: Int
        var shortLinesMax: Double?
        /// Share of the bytes that are in short lines: lists of a recipe's ingredients are short, its steps are not.
        var shortLineBytesMax: Double?
        var shortLineScalars: Int
        var repeatedLineBytesMax: Double?
        var newlinesPerWordMax: Double?
    }

    let settings: ByLanguage<Settings>

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        settings = try ByLanguage(table, recipe) { (table, language) throws(WashingError) in
            Settings(
                endedLinesMin: try table.optionalNumber("ended_lines_min"),
                endedLineBytesMin: try table.optionalNumber("ended_line_bytes_min"),
                longLineWords: try table.count("long_line_words", 0),
                shortLinesMax: try table.optionalNumber("short_lines_max"),
                shortLineBytesMax: try table.optionalNumber("short_line_bytes_max"),
                shortLineScalars: try table.count("short_line_characters", 30),
                repeatedLineBytesMax: try table.optionalNumber("repeated_line_bytes_max"),
                newlinesPerWordMax: try table.optionalNumber("newlines_per_word_max"))
        }
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let scan = workspace.scan(document)
        let settings = settings.settings(for: document.language)
        var (lines, ended, short, bytes, endedBytes, shortBytes) = (0, 0, 0, 0, 0, 0)
        for line in scan.lines where line.isProse {
            let own = Int(line.end - line.start)
            lines += 1
            bytes += own
            if line.isEnded || settings.longLineWords > 0 && line.words >= settings.longLineWords {
                (ended, endedBytes) = (ended + 1, endedBytes + own)
            }
            if line.scalars <= settings.shortLineScalars { (short, shortBytes) = (short + 1, shortBytes + own) }
        }
        let (perLine, perByte) = (1 / Double(max(1, lines)), 1 / Double(max(1, bytes)))
        if workspace.verdict.check("ended_lines_min", Double(ended) * perLine, atLeast: settings.endedLinesMin)
            || workspace.verdict.check(
                "ended_line_bytes_min", Double(endedBytes) * perByte, atLeast: settings.endedLineBytesMin)
            || workspace.verdict.check("short_lines_max", Double(short) * perLine, atMost: settings.shortLinesMax)
            || workspace.verdict.check(
                "short_line_bytes_max", Double(shortBytes) * perByte, atMost: settings.shortLineBytesMax)
        {
            return
        }
        if settings.repeatedLineBytesMax != nil {
            let share = workspace.repetition.lines(scan).lineByteShare
            if workspace.verdict.check("repeated_line_bytes_max", share, atMost: settings.repeatedLineBytesMax) {
                return
            }
        }
        _ = workspace.verdict.check(
            "newlines_per_word_max", Double(max(0, lines - 1)) / Double(max(1, scan.prose.words)),
            atMost: settings.newlinesPerWordMax)
    }
}
