import Foundation
import Provenance
import Washing

/// What `danlu trace` says of an answer in words.
enum TraceText {
    static func sheet(_ trace: AnswerTrace, milliseconds: Double) -> String {
        let share = Int((trace.coveredShare * 100).rounded())
        let time = String(format: "%.1f", milliseconds)
        var lines = [
            Language.text(
                zh: "\(trace.spans.count) 个逐字片段，占回答的 \(share) %（\(time) 毫秒）",
                en: "\(trace.spans.count) verbatim spans, \(share) % of the answer (\(time) ms)")
        ]
        if let washing = trace.washing {
            let steps = washing.steps.joined(separator: ", ")
            lines.append(
                Language.text(
                    zh: "语料经配方 \(washing.recipe) 清洗，各篇都过了这些步骤：\(steps)",
                    en: "The corpus was washed by the recipe \(washing.recipe); its documents have passed: \(steps)"))
        }
        for found in trace.spans {
            lines.append("")
            lines.append("“\(found.span.text)”")
            let places = found.sources.prefix(3).map { "\($0.name) ×\($0.count)" }.joined(separator: ", ")
            lines.append(
                Language.text(zh: "  出现 \(found.span.count) 次：\(places)", en: "  \(found.span.count) times: \(places)"))
            for document in found.documents { lines += Self.lines(document) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ document: TracedDocument) -> [String] {
        let place = document.place
        let words = "\(place.before)[\(place.text)]\(place.after)".split(whereSeparator: \.isNewline)
        var lines = ["  \(place.file):\(place.line)  \(words.joined(separator: " "))"]
        let rules = document.tellingRules
        if !rules.isEmpty {
            let nearest = rules.map(Self.rule).joined(separator: ", ")
            lines.append(
                Language.text(zh: "      离去掉最近的规则：\(nearest)", en: "      nearest to dropping it: \(nearest)"))
        }
        if let changes = document.changes {
            let list = changes.map { "\($0.name) ×\($0.parts)" }.joined(separator: ", ")
            lines.append(Language.text(zh: "      清洗时改动：\(list)", en: "      changed by washing: \(list)"))
        }
        return lines
    }

    /// The value and its limit; a cross where the text as it now stands would be dropped.
    private static func rule(_ rule: Verdict.Check) -> String {
        "\(rule.isKept ? "" : "✗ ")\(rule.step).\(rule.rule) \(CleanText.number(rule.value)) "
            + "(\(rule.isLeast ? "≥" : "≤") \(CleanText.number(rule.limit)))"
    }
}
