/// Which language a document is in, and whether that is wanted.
struct LanguageStep: DocumentStep {
    static let name = "language"

    let allowed: Set<String>

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        allowed = Set(try table.list("allow"))
        try table.finish()
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        document.language = LanguageShares.code(workspace.scan(document))
        let isAllowed = allowed.isEmpty || allowed.contains(document.language)
        _ = workspace.verdict.check("allow", isAllowed ? 1 : 0, atLeast: 1)
    }
}
