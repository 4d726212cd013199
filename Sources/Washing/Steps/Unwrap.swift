/// Joins the lines of text that was wrapped at a column: manual pages, mail, old plain text. A model that learns from
/// such text ends its lines in the middle of sentences.
///
/// A line end was made by wrapping when the next line's first word would not have gone into the column, or when a long
/// line's sentence goes on in the next. The column is the one that explains most line ends within paragraphs; text of
/// which too few are explained was not wrapped. Lists, tables, code and verse stay as they are.
struct Unwrap: DocumentStep {
    static let name = "unwrap"

    /// Least share of the line ends within paragraphs that wrapping explains.
    let shareMin: Double
    /// Fewer line ends show no column.
    let linesMin: Int

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        shareMin = try table.number("share_min", 0.6)
        linesMin = max(1, try table.count("lines_min", 4))
        try table.finish()
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let scan = workspace.scan(document)
        guard scan.lines.count > 1 else { return }
        let wrapping = Wrapping(document.text, scan)
        guard let column = wrapping.column(shareMin: shareMin, linesMin: linesMin) else { return }
        workspace.buffer.removeAll(keepingCapacity: true)
        let joined = wrapping.join(document.text, column, into: &workspace.buffer)
        guard joined > 0 else { return }
        let before = document.text.count
        workspace.takeBuffer(&document)
        workspace.measured("joined", joined)
        workspace.trimmed("joined", bytes: max(0, before - document.text.count))
    }
}
