import Foundation

/// Drops documents that contain a stretch of an evaluation's text (GPT-3's 13 words; whole items that are shorter).
struct Decontaminate: DocumentStep {
    static let name = "decontaminate"

    private let evaluations: Decontamination

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        let paths = try table.list("against")
        try table.finish()
        guard !paths.isEmpty else {
            throw .recipe(
                file: table.file, line: table.line,
                reason: "[decontaminate] needs against = [\"…\"], files of questions that models are judged by")
        }
        var evaluations = Decontamination()
        for path in paths {
            do { try evaluations.add(evaluation: path) } catch {
                throw .file(operation: "read the evaluation", path: path, reason: "\(error)")
            }
        }
        self.evaluations = evaluations
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let overlap = document.text.withUnsafeBufferPointer { evaluations.overlap(with: $0) }
        _ = workspace.verdict.check("overlap", overlap == nil ? 0 : 1, atMost: 0)
    }
}
