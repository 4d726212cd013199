/// C4's rules for lines and pages (Raffel et al. 2020, 2.2), with Chinese marks, lengths and phrases beside the
/// English.
struct C4Quality: DocumentStep {
    static let name = "c4"

    struct Settings: Sendable {
        /// Lines must end in a mark that ends sentences.
        var terminal: Bool
        var lineWordsMin: Int
        /// Longer lines are about scripts and terms, and no notice; 0 for no such limit.
        var noticeWordsMax: Int
        var wordBytesMax: Int
        var javascript: Bool
        var policy: Bool
        var loremIpsum: Bool
        var curlyBraces: Bool
        var sentencesMin: Double?
    }

    let settings: ByLanguage<Settings>

    private static let javascript = [
        "javascript", "启用js", "啟用js",
    ]
    private static let policy = [
        "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies",
        "隐私政策", "隱私政策", "隐私声明", "隐私条款", "使用条款", "服务条款", "使用條款", "服務條款", "cookie 政策", "cookie政策",
        "使用cookie", "使用 cookie", "版权所有", "版權所有", "未经授权禁止转载", "icp备", "icp 备", "公网安备",
    ]
    /// In a thousand words: a page of it has more, a manual that shows some has not.
    private static let loremIpsumMax = 1.0
    private static let loremIpsum = ["lorem ipsum"]
    private static let asking = WordMatcher([
        "enable", "enabled", "disabled", "turn on", "turned off", "requires", "required", "must have",
        "does not support",
        "启用", "开启", "禁用", "未开启", "不支持", "啟用", "開啟",
    ])
    private static let matcher = WordMatcher(javascript + policy + loremIpsum)

    init(_ table: RecipeTable, _ recipe: Recipe) throws(WashingError) {
        settings = try ByLanguage(table, recipe) { (table, language) throws(WashingError) in
            Settings(
                terminal: try table.bool("terminal", false), lineWordsMin: try table.count("line_words_min", 0),
                noticeWordsMax: try table.count("notice_words_max", 0),
                wordBytesMax: try table.count("word_bytes_max", 1000),
                javascript: try table.bool("javascript", true), policy: try table.bool("policy", true),
                loremIpsum: try table.bool("lorem_ipsum", true), curlyBraces: try table.bool("curly_braces", false),
                sentencesMin: try table.optionalNumber("sentences_min"))
        }
    }

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        let settings = settings.settings(for: document.language)
        let scan = workspace.scan(document)
        if settings.curlyBraces,
            workspace.verdict.check("curly_braces", Double(scan.counts.braces), atMost: 0)
        {
            return
        }
        var drops = [Bool](repeating: false, count: scan.lines.count)
        if !matchPhrases(document, scan, settings, &drops, workspace) { return }
        for (place, line) in scan.lines.enumerated() where !drops[place] {
            let rule: String
            if settings.terminal, !line.isEnded || line.endsInEllipsis {
                rule = "terminal"
            } else if line.words < settings.lineWordsMin {
                rule = "line_words_min"
            } else {
                continue
            }
            drops[place] = true
            workspace.trimmed(rule, bytes: Int(line.end - line.start))
        }
        dropLongWords(scan, settings, &drops, workspace)
        if drops.contains(true) {
            LineCutter.cut(document.text, scan, drops: drops, into: &workspace.buffer)
            workspace.takeBuffer(&document)
        }
        let sentences = Double(workspace.scan(document).counts.sentences)
        _ = workspace.verdict.check("sentences_min", sentences, atLeast: settings.sentencesMin)
    }

    /// False when the document is dropped.
    private func matchPhrases(
        _ document: WashedDocument, _ scan: TextScan, _ settings: Settings, _ drops: inout [Bool],
        _ workspace: Workspace
    ) -> Bool {
        var (loremIpsum, line) = (0, 0)
        Self.matcher.forEachMatch(document.text) { match in
            // Matches come in the order of their ends.
            while line + 1 < scan.lines.count, Int(scan.lines[line].end) < match.range.upperBound { line += 1 }
            guard line < scan.lines.count else { return }
            if match.word >= Self.javascript.count + Self.policy.count {
                loremIpsum += 1
            } else if !drops[line] {
                let isScript = match.word < Self.javascript.count
                let own = scan.lines[line]
                guard isScript ? settings.javascript : settings.policy, own.isProse,
                    settings.noticeWordsMax == 0 || own.words <= settings.noticeWordsMax
                else { return }
                if isScript, settings.noticeWordsMax > 0, !Self.asks(document.text, own) { return }
                drops[line] = true
                workspace.trimmed(isScript ? "javascript" : "policy", bytes: Int(own.end - own.start))
            }
        }
        return
            !(settings.loremIpsum
            && workspace.verdict.check(
                "lorem_ipsum", 1000 * Double(loremIpsum) / Double(max(1, scan.words)), atMost: Self.loremIpsumMax))
    }

    /// Whether a line about scripts asks for something.
    private static func asks(_ text: [UInt8], _ line: TextScan.Line) -> Bool {
        var found = false
        asking.forEachMatch(Array(text[Int(line.start)..<Int(line.end)])) { _ in found = true }
        return found
    }

    private func dropLongWords(
        _ scan: TextScan, _ settings: Settings, _ drops: inout [Bool], _ workspace: Workspace
    ) {
        guard settings.wordBytesMax > 0 else { return }
        var line = 0
        for place in 0..<scan.words where Int(scan.wordEnds[place] - scan.wordStarts[place]) > settings.wordBytesMax {
            while line + 1 < scan.lines.count, scan.lines[line].end < scan.wordEnds[place] { line += 1 }
            guard !drops[line] else { continue }
            drops[line] = true
            workspace.trimmed("word_bytes_max", bytes: Int(scan.lines[line].end - scan.lines[line].start))
        }
    }
}
