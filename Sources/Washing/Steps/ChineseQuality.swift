/// EvalWeb's rules for Chinese pages (Chen et al. 2023, ChineseWebText), and two of ours, on lines of prose. Other
/// languages pass.
struct ChineseQuality: DocumentStep {
    static let name = "chinese"

    /// Characters of a line, on average.
    let lineMeanMin: Double?
    let charactersMin: Double?
    /// Ideographs among letters of all scripts.
    let hanShareMin: Double?
    /// Share of the text in runs of 13 characters that were there before.
    let repeatedMax: Double?
    /// Marks and symbols among all characters.
    let marksMax: Double?
    /// Digits among all characters: tables, logs, price lists.
    let digitsMax: Double?

    static let repeatedGram = 13

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        lineMeanMin = try table.optionalNumber("line_characters_mean_min")
        charactersMin = try table.optionalNumber("characters_min")
        hanShareMin = try table.optionalNumber("han_share_min")
        repeatedMax = try table.optionalNumber("repeated_13_grams_max")
        marksMax = try table.optionalNumber("marks_max")
        digitsMax = try table.optionalNumber("digits_max")
        try table.finish()
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        guard document.isChinese else { return }
        let scan = workspace.scan(document)
        let counts = scan.prose
        let solid = Double(max(1, counts.scalars - counts.spaces))
        let (lines, lineScalars) = scan.lines.reduce((0, 0)) {
            $1.isProse ? ($0.0 + 1, $0.1 + Int($1.scalars)) : $0
        }
        if workspace.verdict.check("characters_min", Double(scan.counts.scalars), atLeast: charactersMin)
            || workspace.verdict.check(
                "line_characters_mean_min", Double(lineScalars) / Double(max(1, lines)),
                atLeast: lineMeanMin)
            || workspace.verdict.check("han_share_min", counts.hanShare, atLeast: hanShareMin)
            || workspace.verdict.check("marks_max", Double(counts.marks) / solid, atMost: marksMax)
            || workspace.verdict.check("digits_max", Double(counts.digits) / solid, atMost: digitsMax)
        {
            return
        }
        guard repeatedMax != nil else { return }
        var grams = RepetitionTables.Grams(scan)
        for n in 2...Self.repeatedGram { workspace.repetition.extend(&grams, to: n, scan) }
        let share =
            Double(workspace.repetition.repeatedBytes(grams, scan)) / Double(max(1, scan.proseBytes))
        _ = workspace.verdict.check("repeated_13_grams_max", share, atMost: repeatedMax)
    }
}
