import Languages

/// Which language a document is in, and whether that is wanted; long lines in other languages are taken out by choice.
struct LanguageStep: DocumentStep {
    static let name = "language"

    let allowed: Set<String>
    let confidenceMin: Double?
    let judgesLines: Bool
    let lineConfidenceMin: Double
    /// Bytes of a line that says enough to be judged.
    let lineBytesMin: Int
    private let identifier: LanguageIdentifier

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        var table = table
        allowed = Set(try table.list("allow"))
        confidenceMin = try table.optionalNumber("confidence_min")
        judgesLines = try table.bool("lines", false)
        lineConfidenceMin = try table.number("line_confidence_min", 0.8)
        lineBytesMin = try table.count("line_bytes_min", 60)
        try table.finish()
        do { identifier = try LanguageIdentifier.shipped() } catch {
            throw .step(name: Self.name, reason: "\(error)")
        }
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        var (language, confidence) = document.text.withUnsafeBufferPointer { identifier.identify($0) }
        let scan = workspace.scan(document)
        if Self.isChinese(scan, language) {
            // What the doubt was about is how much English stands in it, or which way of writing: either is wanted.
            (language, confidence) = (language.isChinese ? language : .zh, 1)
        } else if Double(confidence) < confidenceMin ?? 0 || !allowed.contains(language.code), Self.hasChinese(scan) {
            (language, confidence) = (.zh, 1)
        }
        document.language = language.code
        if !allowed.isEmpty {
            let isAllowed = allowed.contains(language.code)
            if workspace.verdict.check("allow", holds: isAllowed) { return }
        }
        if workspace.verdict.check("confidence_min", Double(confidence), atLeast: confidenceMin) { return }
        if judgesLines, !allowed.isEmpty { cutLines(&document, workspace) }
    }

    /// Half of the words of a text are Chinese when a fifth of its letters are Han: an English word has about five.
    private static let hanShareMin = 0.2
    /// Enough where nothing else is sure: a short sentence with its translation, a manual full of commands.
    private static let someHanShareMin = 0.1

    private static func isChinese(_ scan: TextScan, _ language: WrittenLanguage) -> Bool {
        language != .ja && language != .ko && scan.prose.hanShare >= hanShareMin
    }

    private static func hasChinese(_ scan: TextScan) -> Bool {
        scan.prose.kana + scan.prose.hangul == 0 && scan.prose.hanShare >= someHanShareMin
    }

    private func cutLines(_ document: inout WashedDocument, _ workspace: Workspace) {
        let scan = workspace.scan(document)
        var drops = [Bool](repeating: false, count: scan.lines.count)
        document.text.withUnsafeBufferPointer { bytes in
            for (place, line) in scan.lines.enumerated() where Int(line.end - line.start) >= lineBytesMin {
                let part = UnsafeBufferPointer(rebasing: bytes[Int(line.start)..<Int(line.end)])
                let (language, confidence) = identifier.identify(part)
                guard !allowed.contains(language.code), Double(confidence) >= lineConfidenceMin else { continue }
                drops[place] = true
                workspace.trimmed("lines", bytes: part.count)
            }
        }
        guard drops.contains(true) else { return }
        LineCutter.cut(document.text, scan, drops: drops, into: &workspace.buffer)
        workspace.takeBuffer(&document)
    }
}
