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
        object["classifier"] = .array(
            outcome.learnt.scores.map {
                [
                    "threshold": .double($0.threshold), "precision": .double($0.precision),
                    "recall": .double($0.recall), "examples": .int($0.examples),
                ]
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
    var samples: [(title: String, samples: [WashingStatistics.Sample])] {
        statistics.steps.flatMap { step in
            step.rules.sorted { $0.key < $1.key }.flatMap { name, rule in
                [
                    ("\(StepName.explained(step.name)) / \(name)：去掉的 dropped", rule.samples),
                    ("\(StepName.explained(step.name)) / \(name)：险些去掉的 nearly dropped", rule.nearSamples),
                ]
            }
        }.filter { !$0.samples.isEmpty }
    }

    static func caption(_ sample: WashingStatistics.Sample) -> String {
        "\(sample.origin) · \(number(sample.value)) / \(number(sample.limit))"
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
    }
}
