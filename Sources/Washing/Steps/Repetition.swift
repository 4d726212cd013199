/// Gopher's rules against repetition (Rae et al. 2021, table A1): lines and paragraphs that are there twice, n-grams
/// of words that are most of a text. N-grams are of words; in Chinese of characters, and longer by as much as a
/// Chinese word is. Shares are of the bytes of
/// prose: code and tables repeat by nature, and are left out.
struct Repetition: DocumentStep {
    static let name = "repetition"

    struct Settings: Sendable {
        var linesMax: Double?
        var lineBytesMax: Double?
        var paragraphsMax: Double?
        var paragraphBytesMax: Double?
        /// Most bytes that the most frequent n-gram may be, by n in rising order.
        var top: [(n: Int, share: Double)]
        /// The most frequent one is there so often: less is a name or a turn of phrase.
        var topTimesMin: Int
        /// Most bytes in n-grams that were there before.
        var repeated: [(n: Int, share: Double)]
    }

    static let gramWordsMax = 64
    let settings: ByLanguage<Settings>

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        settings = try ByLanguage(table, recipe) { (table, language) throws(WashingError) in
            Settings(
                linesMax: try table.optionalNumber("lines_max"),
                lineBytesMax: try table.optionalNumber("line_bytes_max"),
                paragraphsMax: try table.optionalNumber("paragraphs_max"),
                paragraphBytesMax: try table.optionalNumber("paragraph_bytes_max"),
                top: try Self.grams(&table, "top_grams_max"),
                topTimesMin: max(2, try table.count("top_times_min", 2)),
                repeated: try Self.grams(&table, "repeated_grams_max"))
        }
    }

    /// Lists such as `["2 0.20", "3 0.18"]`: n and the share.
    private static func grams(
        _ table: inout RecipeTable, _ key: String
    ) throws(WashingError) -> [(n: Int, share: Double)] {
        var found: [(n: Int, share: Double)] = []
        for item in try table.list(key) {
            let parts = item.split(separator: " ")
            guard parts.count == 2, let n = Int(parts[0]), (2...gramWordsMax).contains(n), n > found.last?.n ?? 1,
                let share = Double(parts[1])
            else {
                throw .recipe(
                    file: table.file, line: table.line,
                    reason: "\(key): expected texts like \"5 0.15\", n from 2 to \(gramWordsMax) in rising order, "
                        + "found “\(item)”")
            }
            found.append((n, share))
        }
        return found
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let scan = workspace.scan(document)
        let settings = settings.settings(for: document.language)
        let lines = workspace.repetition.lines(scan)
        if workspace.verdict.check("lines_max", lines.lineShare, atMost: settings.linesMax)
            || workspace.verdict.check("line_bytes_max", lines.lineByteShare, atMost: settings.lineBytesMax)
            || workspace.verdict.check("paragraphs_max", lines.paragraphShare, atMost: settings.paragraphsMax)
            || workspace.verdict.check(
                "paragraph_bytes_max", lines.paragraphByteShare, atMost: settings.paragraphBytesMax)
        {
            return
        }
        guard !settings.top.isEmpty || !settings.repeated.isEmpty else { return }
        let bytes = Double(max(1, scan.proseBytes))
        let last = max(settings.top.last?.n ?? 0, settings.repeated.last?.n ?? 0)
        var grams = RepetitionTables.Grams(scan)
        for n in 2...last {
            workspace.repetition.extend(&grams, to: n, scan)
            if let limit = settings.top.first(where: { $0.n == n }) {
                let top = workspace.repetition.topBytes(grams, scan, timesMin: settings.topTimesMin)
                let share = Double(top) / bytes
                if workspace.verdict.check("top_\(n)_grams_max", share, atMost: limit.share) { return }
            }
            if let limit = settings.repeated.first(where: { $0.n == n }) {
                let share = Double(workspace.repetition.repeatedBytes(grams, scan)) / bytes
                if workspace.verdict.check("repeated_\(n)_grams_max", share, atMost: limit.share) { return }
            }
        }
    }
}
