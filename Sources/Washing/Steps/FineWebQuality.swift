/// FineWeb's rules for lines (Penedo et al. 2024, 3.5); `[fineweb.zh]` has limits measured on Chinese text, where a
/// line of thirty characters is long.
struct FineWebQuality: DocumentStep {
    static let name = "fineweb"

    struct Settings: Sendable {
        /// Share of lines that end in a mark that ends sentences.
        var endedLinesMin: Double?
        var shortLinesMax: Double?
        var shortLineScalars: Int
        var repeatedLineBytesMax: Double?
        var newlinesPerWordMax: Double?
    }

    let settings: ByLanguage<Settings>

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        settings = try ByLanguage(table, recipe) { (table, language) throws(WashingError) in
            Settings(
                endedLinesMin: try table.optionalNumber("ended_lines_min"),
                shortLinesMax: try table.optionalNumber("short_lines_max"),
                shortLineScalars: try table.count("short_line_characters", 30),
                repeatedLineBytesMax: try table.optionalNumber("repeated_line_bytes_max"),
                newlinesPerWordMax: try table.optionalNumber("newlines_per_word_max"))
        }
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let scan = workspace.scan(document)
        let settings = settings.settings(for: document.language)
        let lines = Double(max(1, scan.lines.count))
        let ended = scan.lines.reduce(0) { $0 + ($1.isEnded ? 1 : 0) }
        let short = scan.lines.reduce(0) { $0 + ($1.scalars <= settings.shortLineScalars ? 1 : 0) }
        if workspace.verdict.check("ended_lines_min", Double(ended) / lines, atLeast: settings.endedLinesMin)
            || workspace.verdict.check("short_lines_max", Double(short) / lines, atMost: settings.shortLinesMax)
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
            "newlines_per_word_max", Double(scan.lines.count - 1) / Double(max(1, scan.words)),
            atMost: settings.newlinesPerWordMax)
    }
}
