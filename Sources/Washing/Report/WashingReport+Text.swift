import JSON
import Reports

extension WashingReport {
    var markdown: String {
        var lines = ["# 洗料报告 Washing report", ""]
        for table in tables {
            lines += ["## \(table.title)", ""]
            lines.append("| " + table.head.joined(separator: " | ") + " |")
            lines.append("|" + table.head.map { _ in "---|" }.joined())
            lines += table.rows.map { "| " + $0.map(ReportPage.markdownCell).joined(separator: " | ") + " |" }
            lines.append("")
        }
        lines += ["## 样本 Samples", ""]
        for (title, samples) in samples {
            lines += ["### \(title)", ""]
            for sample in samples {
                lines += ["- \(Self.caption(sample))", "", "      " + Self.oneLine(sample.text), ""]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    var html: String {
        var body = ["<h1>洗料报告 <small>Washing report</small></h1>", "<div class=\"plots\">"]
        body += [figure("漏斗 Funnel, bytes", FunnelPlot(statistics).svg), figure("长度 Lengths", lengths.svg), "</div>"]
        for table in tables {
            body.append("<h2>\(HTMLText.escaped(table.title))</h2>")
            body.append("<table>")
            if table.head.contains(where: { !$0.isEmpty }) {
                body.append("<tr>" + table.head.map { "<th>\(HTMLText.escaped($0))</th>" }.joined() + "</tr>")
            }
            body += table.rows.map { "<tr>" + $0.map { "<td>\(HTMLText.escaped($0))</td>" }.joined() + "</tr>" }
            body.append("</table>")
        }
        body.append("<h2>样本 Samples</h2>")
        for (title, samples) in samples {
            body.append("<details><summary>\(HTMLText.escaped(title))</summary>")
            for sample in samples {
                body.append("<small>\(HTMLText.escaped(Self.caption(sample)))</small>")
                body.append("<blockquote>\(HTMLText.escaped(sample.text))</blockquote>")
            }
            body.append("</details>")
        }
        return ReportPage.html(
            title: "洗料 Washing: \(outcome.recipe)", body: body,
            moreStyle: "th { width: auto; } .bar { fill: var(--c1); } .bar.lost { fill: var(--line); }")
    }

    var json: JSONValue {
        guard var object = outcome.json.object else { return outcome.json }
        for (name, portrait) in [("before", statistics.before), ("after", statistics.after)] {
            object[name] = [
                "languages": Self.amounts(portrait.languages), "sources": Self.amounts(portrait.sources),
                "domains": Self.amounts(portrait.domains),
                "lengths": .object(
                    JSONObject(
                        portrait.lengths.sorted { $0.key < $1.key }.map { (key: $0.key, value: .int($0.value)) })),
            ]
        }
        object["samples"] = .array(
            samples.map { title, samples in
                ["rule": .string(title), "samples": .array(samples.map(Self.json))]
            })
        object["fault_texts"] = .array(statistics.faultTexts.map { .string($0) })
        return .object(object)
    }

    private static func amounts(_ amounts: [String: WashingStatistics.Amount]) -> JSONValue {
        .object(
            JSONObject(
                amounts.sorted { $0.key < $1.key }.map {
                    (key: $0.key, value: ["documents": .int($0.value.documents), "bytes": .int($0.value.bytes)])
                }))
    }

    private static func json(_ sample: WashingStatistics.Sample) -> JSONValue {
        [
            "origin": .string(sample.origin), "value": .double(sample.value), "limit": .double(sample.limit),
            "text": .string(sample.text),
        ]
    }

    /// What rules dropped, then what they nearly dropped.
    private var samples: [(title: String, samples: [WashingStatistics.Sample])] {
        statistics.steps.flatMap { step in
            step.rules.sorted { $0.key < $1.key }.flatMap { name, rule in
                [
                    ("\(step.name) / \(name): 去掉的 dropped", rule.samples),
                    ("\(step.name) / \(name): 险些去掉的 nearly dropped", rule.nearSamples),
                ]
            }
        }.filter { !$0.samples.isEmpty }
    }

    private static func caption(_ sample: WashingStatistics.Sample) -> String {
        "\(sample.origin) · \(number(sample.value)) / \(number(sample.limit))"
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
    }

    private func figure(_ title: String, _ svg: String) -> String {
        svg.isEmpty ? "" : "<figure><figcaption><span>\(HTMLText.escaped(title))</span></figcaption>\(svg)</figure>"
    }

    /// Documents by the power of two of their bytes.
    private var lengths: LinePlot {
        func curve(_ name: String, _ lengths: [String: Int], isFaint: Bool) -> LinePlot.Curve {
            let counts = Dictionary(
                lengths.compactMap { entry in Int(entry.key).map { ($0, entry.value) } }, uniquingKeysWith: +)
            guard let first = counts.keys.min(), let last = counts.keys.max() else {
                return LinePlot.Curve(name: name, points: [])
            }
            return LinePlot.Curve(
                name: name,
                points: (first...last).map { LinePlot.Point(x: Double($0), y: Double(counts[$0] ?? 0)) },
                isFaint: isFaint)
        }
        return LinePlot(
            title: "长度 Lengths, log2 bytes",
            curves: [
                curve("之前 before", statistics.before.lengths, isFaint: true),
                curve("之后 after", statistics.after.lengths, isFaint: false),
            ])
    }
}
