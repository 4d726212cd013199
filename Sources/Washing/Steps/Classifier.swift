/// A classifier that the washing has taught itself: "like these, not like those".
struct Classifier: DocumentStep {
    static let name = "classifier"

    struct Settings: Sendable {
        /// Least share of sureness that a document is like the good ones.
        var shareMin: Double
        /// Files and folders of text that is wanted.
        var like: [String]
        /// Of text that is not; none for a sample of what is washed.
        var unlike: [String]
        var documentsMax: Int

        init(_ table: RecipeTable) throws(WashingError) {
            var table = table
            shareMin = try table.number("share_min", 0.5)
            like = try table.list("like")
            unlike = try table.list("unlike")
            documentsMax = try table.count("documents_max", 20_000)
            try table.finish()
            guard !like.isEmpty else {
                throw .recipe(
                    file: table.file, line: table.line,
                    reason: "[classifier] needs like = [\"…\"], files or folders of text that is wanted")
            }
        }
    }

    let settings: Settings
    let models: LearntModels

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        guard let classifier = models.classifier else { return }
        let share = classifier.share(workspace.scan(document))
        if workspace.verdict.check("share_min", share, atLeast: settings.shareMin) { return }
        document.scores.append(("classifier", share))
    }
}
