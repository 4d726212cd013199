import Foundation
import JSON
import Training

/// Runs in a few words.
enum RunsText {
    static func facts(_ summary: RunSummary) -> [String] {
        var facts = ["\(summary.step)/\(summary.configuration.steps)"]
        if let loss = summary.loss { facts.append(Language.text(zh: "损失 ", en: "loss ") + number(loss)) }
        for (name, bits) in summary.bitsPerByte.sorted(by: { $0.key < $1.key }) where name != "all" {
            facts.append("\(name) \(number(bits)) bpb")
        }
        if let rate = summary.tokensPerSecond {
            facts.append(
                Language.text(
                    zh: "\(TrainingDisplay.count(Int(rate))) 词元/秒", en: "\(TrainingDisplay.count(Int(rate))) tokens/s"))
        }
        if summary.rollbacks > 0 {
            facts.append(Language.text(zh: "回退 \(summary.rollbacks) 次", en: "\(summary.rollbacks) roll-backs"))
        }
        if let time = summary.time {
            facts.append(Date(timeIntervalSince1970: time).formatted(.iso8601.year().month().day()))
        }
        return facts
    }

    /// A column a run: what differs in their settings, then what came of them.
    static func table(_ comparison: RunComparison) -> [String] {
        var rows = [[""] + comparison.summaries.map(\.folder.name)]
        rows += comparison.differences.map { [$0.name] + $0.values }
        rows += comparison.results.map { [$0.name] + $0.values.map { $0.map(number) ?? "–" } }
        let widths = rows[0].indices.map { column in rows.map { CharacterWidth.of($0[column]) }.max() ?? 0 }
        return rows.map { row in zip(row, widths).map(padded).joined(separator: "  ") }
    }

    static func padded(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - CharacterWidth.of(text)))
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : String(format: "%.4g", value)
    }
}
