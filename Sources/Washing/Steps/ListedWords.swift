import Foundation

/// Words of lists, shipped ones and the user's: gambling, adult and advertising text, text whose encoding was lost.
///
/// A document is dropped for many different words, or many in a line (EvalWeb drops above half a word a line); a line
/// that is full of them is taken out; words of a `mask` list are replaced by `＊`.
struct ListedWords: DocumentStep {
    static let name = "words"

    let differentMax: Double?
    let perLineMax: Double?
    let perThousandMax: Double?
    /// A line with so many is taken out; 0 for never.
    let lineWordsMax: Int
    private let masks: Bool
    private let matcher: WordMatcher
    private let words: [String]

    init(_ table: RecipeTable, _ recipe: Recipe, limits: WashingLimits = WashingLimits()) throws(WashingError) {
        var table = table
        let lists = try table.list("lists", ["gambling", "adult", "advertising", "mojibake"])
        let files = try table.list("files")
        differentMax = try table.optionalNumber("different_max")
        perLineMax = try table.optionalNumber("per_line_max")
        perThousandMax = try table.optionalNumber("per_thousand_characters_max")
        lineWordsMax = try table.count("line_words_max", 0)
        masks = try table.bool("mask", false)
        try table.finish()
        var words: [String] = []
        let shipped = Self.shipped
        for name in lists {
            guard let list = shipped[name] else {
                throw .recipe(
                    file: table.file, line: table.line,
                    reason: "there is no list \(name); shipped are \(shipped.keys.sorted().joined(separator: ", "))")
            }
            words += list
        }
        for file in files { words += try Self.read(file, limits) }
        self.words = words
        matcher = WordMatcher(words)
    }

    /// A list of the user's: a word a line, `#` begins a comment.
    private static func read(_ path: String, _ limits: WashingLimits) throws(WashingError) -> [String] {
        let bytes = try WashingFiles.read(path, bytesMax: limits.recipeBytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .file(operation: "read", path: path, reason: "not valid UTF-8")
        }
        return lines(text)
    }

    private static func lines(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }

    /// The lists in this program, by name.
    static let shipped: [String: [String]] = {
        var lists: [String: [String]] = [:]
        var name = ""
        for line in lines(String(decoding: PackageResources.words_txt, as: UTF8.self)) {
            if line.hasPrefix("["), line.hasSuffix("]") {
                name = String(line.dropFirst().dropLast())
            } else {
                lists[name, default: []].append(line)
            }
        }
        return lists
    }()

    func wash(_ document: inout WashedDocument, _ workspace: Workspace) {
        var matches: [WordMatcher.Match] = []
        matcher.forEachMatch(document.text) { matches.append($0) }
        workspace.measured("words", matches.count)
        let scan = workspace.scan(document)
        let different = Set(matches.map(\.word)).count
        let count = Double(matches.count)
        if workspace.verdict.check("different_max", Double(different), atMost: differentMax)
            || workspace.verdict.check("per_line_max", count / Double(max(1, scan.lines.count)), atMost: perLineMax)
            || workspace.verdict.check(
                "per_thousand_characters_max", count * 1000 / Double(max(1, scan.counts.scalars)),
                atMost: perThousandMax)
        {
            return
        }
        guard !matches.isEmpty else { return }
        if masks {
            mask(&document, matches, workspace)
        } else if lineWordsMax > 0 {
            cutLines(&document, matches, workspace)
        }
    }

    private func mask(_ document: inout WashedDocument, _ matches: [WordMatcher.Match], _ workspace: Workspace) {
        workspace.buffer.removeAll(keepingCapacity: true)
        var copied = 0
        for match in matches where match.range.lowerBound >= copied {
            workspace.buffer.append(contentsOf: document.text[copied..<match.range.lowerBound])
            for _ in words[match.word].unicodeScalars { UTF8Text.append(0xFF0A, to: &workspace.buffer) }
            copied = match.range.upperBound
        }
        workspace.buffer.append(contentsOf: document.text[copied...])
        workspace.takeBuffer(&document)
        workspace.trimmed("mask", parts: matches.count, bytes: matches.reduce(0) { $0 + $1.range.count })
    }

    private func cutLines(_ document: inout WashedDocument, _ matches: [WordMatcher.Match], _ workspace: Workspace) {
        let scan = workspace.scan(document)
        var counts = [Int](repeating: 0, count: scan.lines.count)
        var line = 0
        for match in matches {
            while line + 1 < scan.lines.count, Int(scan.lines[line].end) < match.range.upperBound { line += 1 }
            if line < counts.count { counts[line] += 1 }
        }
        let drops = counts.map { $0 > lineWordsMax }
        guard drops.contains(true) else { return }
        for (line, drop) in zip(scan.lines, drops) where drop {
            workspace.trimmed("line_words_max", bytes: Int(line.end - line.start))
        }
        LineCutter.cut(document.text, scan, drops: drops, into: &workspace.buffer)
        workspace.takeBuffer(&document)
    }
}
