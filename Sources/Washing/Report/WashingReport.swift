import Reports

/// What a washing did, for people and programs: `report.html`, `report.md`, `report.json`.
struct WashingReport {
    let outcome: WashingOutcome
    var statistics: WashingStatistics { outcome.statistics }

    static let domainsShown = 20
    static let faultsShown = 20

    init(_ outcome: WashingOutcome) { self.outcome = outcome }

    func write(to folder: String) throws(WashingError) {
        try WashingFiles.replace(folder + "/report.json", with: Array((json.serialized(.pretty) + "\n").utf8))
        try WashingFiles.replace(folder + "/report.md", with: Array(markdown.utf8))
        try WashingFiles.replace(folder + "/report.html", with: Array(html.utf8))
    }

    // MARK: What both texts show

    struct Table {
        var title: String
        var head: [String]
        var rows: [[String]]
    }

    /// Titles have Chinese and English, as all reports do.
    var tables: [Table] {
        [
            summary, funnel, rules, portrait("语言 Languages", \.languages), portrait("来源 Sources", \.sources),
            duplicates,
            domains, learnt, faults,
        ].filter { !$0.rows.isEmpty }
    }

    private var summary: Table {
        let (before, after) = (statistics.before.total, statistics.after.total)
        var rows = [
            ["配方 Recipe", outcome.recipe],
            ["读入 Read", Self.amount(before)],
            ["留下 Kept", "\(Self.amount(after))，\(Self.percent(after.bytes, before.bytes))"],
        ]
        for (split, name) in [("train", "训练 Training"), ("validation", "验证 Validation")] {
            let amount = outcome.amount(split)
            rows.append([name, Self.amount(amount)])
        }
        if outcome.dialogues > 0 { rows.append(["对话 Dialogues", "\(outcome.dialogues)"]) }
        if statistics.faults > 0 { rows.append(["不可读 Unreadable", "\(statistics.faults)"]) }
        return Table(title: "总览 Summary", head: ["", ""], rows: rows)
    }

    private var funnel: Table {
        Table(
            title: "漏斗 Funnel",
            head: ["步骤 Step", "进 In", "出 Out", "去掉 Dropped", "字节 Bytes out", "去掉 Bytes dropped"],
            rows: statistics.steps.map { step in
                let dropped = step.input.documents - step.output.documents
                return [
                    StepName.explained(step.name), "\(step.input.documents)", "\(step.output.documents)",
                    "\(dropped) (\(Self.percent(dropped, step.input.documents)))", Self.size(step.output.bytes),
                    Self.percent(step.input.bytes - step.output.bytes, step.input.bytes),
                ]
            })
    }

    private var rules: Table {
        let rows = statistics.steps.flatMap { step in
            step.rules.sorted { ($0.value.dropped.documents, $1.key) > ($1.value.dropped.documents, $0.key) }
                .map { name, rule in
                    [
                        step.name, name, "\(rule.dropped.documents)", Self.size(rule.dropped.bytes),
                        "\(rule.nearlyDropped)", rule.parts > 0 ? "\(rule.parts), \(Self.size(rule.partBytes))" : "",
                    ]
                }
                + step.measures.sorted { $0.key < $1.key }.map {
                    [step.name, "# \($0.key)", "", "", "", "\($0.value)"]
                }
        }
        return Table(
            title: "规则 Rules",
            head: [
                "步骤 Step", "规则 Rule", "去掉 Dropped", "字节 Bytes", "险些 Nearly", "切除、计数 Parts cut, counts",
            ], rows: rows)
    }

    private func portrait(
        _ title: String, _ part: KeyPath<WashingStatistics.Portrait, [String: WashingStatistics.Amount]>
    ) -> Table {
        let (before, after) = (statistics.before[keyPath: part], statistics.after[keyPath: part])
        return Table(
            title: title, head: ["", "之前 Before", "字节 Bytes", "之后 After", "字节 Bytes", "留下 Kept"],
            rows: names(part).prefix(Self.domainsShown).map { name in
                let (old, new) = (before[name] ?? .init(), after[name] ?? .init())
                return [
                    name, "\(old.documents)", Self.size(old.bytes), "\(new.documents)", Self.size(new.bytes),
                    Self.percent(new.bytes, old.bytes),
                ]
            })
    }

    /// From the largest.
    func names(_ part: KeyPath<WashingStatistics.Portrait, [String: WashingStatistics.Amount]>) -> [String] {
        statistics.before[keyPath: part].sorted { ($0.value.bytes, $1.key) > ($1.value.bytes, $0.key) }.map(\.key)
    }

    private var domains: Table { portrait("网站 Sites", \.domains) }

    private var duplicates: Table {
        let merged = outcome.merged
        let all = [
            ("exact", merged.exact), ("near", merged.near), ("lines", merged.lines), ("passages", merged.passages),
        ]
        var rows: [[String]] = []
        for (name, copies) in all {
            guard let copies else { continue }
            rows.append([
                StepName.explained(name), "\(copies.texts)", "\(copies.groups)", "\(copies.dropped)",
                Self.percent(copies.dropped, copies.texts), "\(copies.largestGroup)",
            ])
        }
        return Table(
            title: "重复 Duplicates",
            head: ["", "比较 Compared", "组 Groups", "去掉 Dropped", "比例 Share", "最大一组 Largest"], rows: rows)
    }

    private var learnt: Table {
        let facts = outcome.learnt
        var rows = facts.words.sorted { $0.key < $1.key }.map { language, words in
            [
                "perplexity \(language)", "\(words) words read",
                facts.perplexityMin[language].map { "≥ \(Self.number($0))" } ?? "",
                (facts.perplexityMax[language].map { "≤ \(Self.number($0))" } ?? "")
                    + (facts.orderMin[language].map { ", order ≥ \(Self.number($0))" } ?? ""),
            ]
        }
        for score in facts.scores {
            rows.append([
                "classifier ≥ \(Self.number(score.threshold))",
                "\(score.examples) texts not taught; \(facts.good) wanted, \(facts.bad) not",
                "准确 precision \(Self.number(score.precision))", "召回 recall \(Self.number(score.recall))",
            ])
        }
        return Table(title: "学到的 Learnt", head: ["", "", "", ""], rows: rows)
    }

    private var faults: Table {
        Table(
            title: "不可读 Unreadable", head: [""],
            rows: statistics.faultTexts.prefix(Self.faultsShown).map { [$0] })
    }

    // MARK: Numbers

    private static func amount(_ amount: WashingStatistics.Amount) -> String {
        "\(amount.documents) 篇 documents，\(size(amount.bytes))"
    }

    static func percent(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "" }
        let hundredths = (10_000 * Double(part) / Double(whole)).rounded()
        return part > 0 && hundredths == 0 ? "< 0.01 %" : "\(number(hundredths / 100)) %"
    }

    static func number(_ value: Double) -> String { LinePlot.label(value) }

    static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<10_000: "\(bytes) B"
        case ..<10_000_000: "\(number((Double(bytes) / 1000).rounded())) kB"
        default: "\(number((Double(bytes) / 1e5).rounded() / 10)) MB"
        }
    }
}
