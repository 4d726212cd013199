import Foundation
import Washing

/// What `danlu clean` says in words.
enum CleanText {
    static func lines(_ outcome: WashingOutcome, folder: String) -> [String] {
        let (before, after) = (outcome.statistics.before.total, outcome.statistics.after.total)
        let rate = ModelHome.size(Int(Double(before.bytes) / max(1e-3, outcome.seconds)))
        var lines = outcome.statistics.steps.map { step -> String in
            let dropped = step.input.documents - step.output.documents
            let rules = step.rules.filter { $0.value.dropped.documents > 0 }
                .sorted { ($0.value.dropped.documents, $1.key) > ($1.value.dropped.documents, $0.key) }
                .prefix(4).map { "\($0.key) \($0.value.dropped.documents)" }.joined(separator: ", ")
            return "  \(step.name.padding(toLength: 14, withPad: " ", startingAt: 0))"
                + "\(step.input.documents) → \(step.output.documents)"
                + (dropped > 0 ? "  (-\(dropped)\(rules.isEmpty ? "" : ": \(rules)"))" : "")
        }
        lines.append(
            Language.text(
                zh: "\(before.documents) 篇 \(ModelHome.size(before.bytes)) → \(after.documents) 篇 "
                    + "\(ModelHome.size(after.bytes))，\(Language.duration(outcome.seconds))，每秒 \(rate)",
                en: "\(before.documents) documents, \(ModelHome.size(before.bytes)) → \(after.documents), "
                    + "\(ModelHome.size(after.bytes)), in \(Language.duration(outcome.seconds)), \(rate)/s"))
        if outcome.statistics.faults > 0 {
            lines.append(
                Language.text(
                    zh: "\(outcome.statistics.faults) 处不可读，已跳过；见报告",
                    en: "\(outcome.statistics.faults) unreadable places were passed over; see the report"))
        }
        lines.append("\(folder)/report.html")
        return lines
    }

    static func lines(_ explanation: Explanation) -> [String] {
        var lines = ["\(explanation.origin)  \(explanation.language)"]
        for rule in explanation.rules {
            let sign = rule.isLeast ? "≥" : "≤"
            lines.append(
                "  \(rule.isKept ? "✓" : "✗") \(rule.step).\(rule.rule): \(number(rule.value)) \(sign) "
                    + number(rule.limit))
        }
        for change in explanation.changes {
            let bytes = change.bytes.map { Language.text(zh: "，切除 \($0) 字节", en: ", \($0) bytes cut") } ?? ""
            lines.append("  · \(change.step).\(change.name): \(change.count)\(bytes)")
        }
        let verdict =
            explanation.reason.map {
                Language.text(zh: "去掉：\($0.step).\($0.rule)", en: "dropped: \($0.step).\($0.rule)")
            } ?? Language.text(zh: "留下", en: "kept")
        lines.append(
            "  \(verdict)  (\(explanation.bytesBefore) → \(explanation.bytesAfter) B)")
        return lines
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(format: "%.3f", value)
    }
}
