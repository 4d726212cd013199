import Foundation

/// What a model is worth, for people: as a page with plots, as Markdown and as JSON.
///
///     let card = ReportCard(result, before: earlier)
///     try card.write(to: "report")              // report.html, report.md, report.json
///
/// All three say the same: whose weights, by hash; what was asked and how many; each score with its interval, centred
/// on chance, and "not above chance" where so; before and after; the same twenty answers; refusals; what failed.
package struct ReportCard: Sendable {
    /// A heading with a table.
    struct Table: Sendable, Equatable {
        var title: String
        /// Empty where each row is a name with its value.
        var columns: [String]
        var rows: [[String]]
    }

    let result: EvaluationResult
    let before: EvaluationResult?
    let comparison: Comparison?

    /// - Parameter before: an earlier evaluation to compare with.
    package init(_ result: EvaluationResult, before: EvaluationResult? = nil, comparison: Comparison? = nil) {
        self.result = result
        self.before = before
        self.comparison = comparison ?? before.map { Comparison($0, result, seed: result.seed) }
    }

    var title: String { "\(result.model.name) · 成绩单 Report card" }

    var tables: [Table] { [scores, changes, groups, refusals, contamination, lineage].filter { !$0.rows.isEmpty } }

    static func number(_ value: Double) -> String { String(format: "%.3f", value) }
    private static func interval(_ low: Double, _ high: Double) -> String { "\(number(low)) … \(number(high))" }

    private var scores: Table {
        let rows = result.tasks.flatMap { task -> [[String]] in
            guard let score = task.score else {
                return [[task.name, task.metric.rawValue, "", "", "", "由裁判比较 for a judge", "\(task.items.count)"]]
            }
            let second = task.normalised.map { [Self.row("\(task.name), acc_norm", task, $0)] } ?? []
            return [Self.row(task.name, task, score)] + second
        }
        return Table(
            title: "结果 Results",
            columns: [
                "任务 Task", "指标 Metric", "得分 Score", "95 %", "以猜测为零 Above chance", "判断 Verdict", "题数 Items",
            ], rows: rows)
    }

    private static func row(_ name: String, _ task: TaskResult, _ score: Score) -> [String] {
        [
            name + (task.shots > 0 ? " (\(task.shots)-shot)" : ""), task.metric.rawValue, number(score.value),
            interval(score.low, score.high), score.centred.map(number) ?? "", score.verdict?.text ?? "",
            "\(score.items)",
        ]
    }

    private var changes: Table {
        let rows = comparison?.tasks.map { task -> [String] in
            [
                task.name, task.before.map { Self.number($0.value) } ?? "",
                task.after.map { Self.number($0.value) } ?? "", task.difference.map(Self.number) ?? "",
                task.low.flatMap { low in task.high.map { Self.interval(low, $0) } } ?? "",
                task.adjusted.map { String(format: "%.2g", $0) } ?? "", task.verdict.text,
            ]
        }
        return Table(
            title: "之前与之后 Before and after" + (before.map { ": \($0.model.name)" } ?? ""),
            columns: ["任务 Task", "之前 Before", "之后 After", "差 Difference", "95 %", "p (Holm)", "判断 Verdict"],
            rows: rows ?? [])
    }

    private var groups: Table {
        let rows = result.tasks.flatMap { task in
            task.groups.map { group in
                [
                    task.name, group.name, Self.number(group.score.value),
                    Self.interval(group.score.low, group.score.high), group.score.verdict?.text ?? "",
                    "\(group.score.items)",
                ]
            }
        }
        return Table(
            title: "分组 By subject and language",
            columns: ["任务 Task", "组 Group", "得分 Score", "95 %", "判断 Verdict", "题数 Items"], rows: rows)
    }

    private var refusals: Table {
        let rows = result.refusals.map { refusals in
            [("该拒绝的 Should be refused", refusals.harmful), ("不该拒绝的 Should not be", refusals.harmless)].map {
                [
                    $0, "\(Int(($1.value * Double($1.items)).rounded())) / \($1.items)",
                    Self.interval($1.low, $1.high),
                ]
            }
        }
        return Table(
            title: "拒绝 Refusals (by their words)", columns: ["问题 Prompts", "拒绝了 Refused", "95 %"], rows: rows ?? [])
    }

    private var contamination: Table {
        Table(
            title: "训练数据中的考题 Contamination", columns: [],
            rows: result.contamination.map { [$0.name, $0.value] })
    }

    private var lineage: Table {
        let model = result.model
        let date = result.date.formatted(.iso8601)
        let rows =
            [["模型 Model", model.name], ["文件 File", model.path]]
            + [["架构 Architecture", "\(model.architecture), \(model.parameters) parameters, \(model.quantization)"]]
            + model.adapters.map { ["适配器 Adapter", $0] }
            + model.identity.parts.map { ["SHA-256, \($0.name)", $0.sha256] }
            + [["全部 All of it, SHA-256", model.identity.hash]] + result.lineage.map { [$0.name, $0.value] }
            + [["日期 Date", date], ["种子 Seed", "\(result.seed)"], ["程序 Program", "danlu \(result.version)"]]
            + [["用时 Time", String(format: "%.0f s", result.seconds)]]
        return Table(title: "来历 Lineage", columns: [], rows: rows)
    }

    /// What went wrong, and what must not be concluded.
    package var failures: [String] {
        var list: [String] = []
        for task in result.tasks {
            if let score = task.score, score.verdict == .notAboveChance {
                list.append("\(task.name): 不高于猜测 not above chance (\(Self.interval(score.low, score.high)))")
            }
            if task.faults > 0 {
                let reason = task.items.compactMap(\.fault).first ?? ""
                list.append("\(task.name): \(task.faults) 题无法提问 items could not be asked, counted as wrong: \(reason)")
            }
            if task.cuts > 0, task.metric != .exactMatch {
                list.append("\(task.name): \(task.cuts) 个回答被截断 answers were cut off at their limit")
            }
            if task.items.count < 100 {
                list.append("\(task.name): 只有 \(task.items.count) 题 items only, so the interval is wide")
            }
        }
        let loops = result.samples.count { Self.repeats($0.text) }
        if loops > 0 { list.append("\(loops) 个样本在重复 of the samples repeat themselves") }
        if let harmful = result.refusals?.harmful, harmful.value < 1 {
            list.append("没有拒绝全部该拒绝的问题 Not all prompts that should be refused were")
        }
        return list
    }

    /// Whether fewer than half of a text's runs of four characters are different.
    private static func repeats(_ text: String) -> Bool {
        let characters = Array(text)
        guard characters.count >= 24 else { return false }
        let runs = (0...characters.count - 4).map { String(characters[$0..<$0 + 4]) }
        return Set(runs).count * 2 < runs.count
    }
}

extension Score.Verdict {
    /// For people; the English words are the ones that results have.
    package var text: String { self == .aboveChance ? "高于猜测 above chance" : "不高于猜测 not above chance" }
}

extension Comparison.Verdict {
    package var text: String {
        switch self {
        case .better: "更好 better"
        case .worse: "更差 worse"
        case .cannotTell: "无法判断 cannot tell"
        case .differentQuestions: "题目不同 different questions"
        }
    }
}
