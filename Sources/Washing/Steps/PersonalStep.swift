/// Personal data: telephone, identity-card and bank-card numbers, addresses and the like, masked by choice; documents
/// full of them (lists of customers) dropped.
struct PersonalStep: DocumentStep {
    static let name = "personal"

    /// What is replaced by its kind in brackets; the rest is counted and stays.
    let masked: Set<PersonalKind>
    let perThousandMax: Double?

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        var masked: Set<PersonalKind> = []
        for name in try table.list("mask", PersonalKind.allCases.map(\.rawValue)) {
            guard let kind = PersonalKind(rawValue: name) else {
                throw .recipe(
                    file: table.file, line: table.line,
                    reason: "[personal]: there is no kind \(name); there are "
                        + PersonalKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            masked.insert(kind)
        }
        self.masked = masked
        perThousandMax = try table.optionalNumber("per_thousand_characters_max")
        try table.finish()
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let findings = document.text.withUnsafeBufferPointer { PersonalData.find(in: $0) }
        if perThousandMax != nil {
            let characters = workspace.scan(document).counts.scalars
            let share = 1000 * Double(findings.count) / Double(max(1, characters))
            if workspace.verdict.check("per_thousand_characters_max", share, atMost: perThousandMax) { return }
        }
        for kind in PersonalKind.allCases {
            let own = findings.filter { $0.kind == kind }
            guard masked.contains(kind) else {
                workspace.measured(kind.rawValue, own.count)
                continue
            }
            workspace.trimmed(kind.rawValue, parts: own.count, bytes: own.reduce(0) { $0 + $1.range.count })
        }
        guard findings.contains(where: { masked.contains($0.kind) }) else { return }
        PersonalData.mask(&document.text, kinds: masked)
        workspace.textChanged()
    }
}
