import Foundation
import JSON
import Reports

/// What a run was and what came of it, as a page with plots, as Markdown and as JSON.
///
///     let report = try RunReport(RunFolder(path: "runs/poems"), prices: Prices(wattage: 95))
///     try report.write(to: "report")           // report.html, report.md, report.json
///
/// All three say the same: where the weights are from, by hash; what they learnt from; what it cost; the curves; bits
/// per byte by language; the last sample of each prompt; and what went wrong or cannot be expected.
package struct RunReport: Sendable {
    /// What the machine takes, where that is known.
    package struct Prices: Equatable, Sendable {
        package var watts: Double?
        package var pricePerKilowattHour: Double?
        package var pricePerHour: Double?
        package var currency = "CNY"

        package init() {}
    }

    /// A heading with rows of names and values.
    struct Section: Equatable, Sendable {
        var title: String
        var rows: [Row]

        struct Row: Equatable, Sendable {
            var name: String
            var value: String
        }
    }

    let title: String
    let sections: [Section]
    let plots: [(title: String, names: [String], svg: String)]
    let samples: [(prompt: String, text: String, step: Int)]
    let failures: [String]
    package let json: JSONValue

    /// - Throws: `TrainingError` when there is no run, or its files are damaged.
    package init(_ run: RunFolder, prices: Prices = Prices()) throws(TrainingError) {
        let facts = try RunFacts(run, prices)
        title = run.name
        sections = facts.sections
        plots = Self.plots(facts.history)
        samples = facts.history.lastSamples.map {
            ($0["prompt"]?.string ?? "", $0["text"]?.string ?? "", $0["step"]?.int ?? 0)
        }
        failures = facts.failures
        json = facts.json
    }

    /// Curves that jump about are drawn faint behind their means, of which each value keeps so much of the one before.
    private static let smoothing = 0.9

    /// What stages measure besides, by the names of the log.
    private static let measures = [
        ("较好的回答得分更高 Share of pairs in the right order", ["accuracy"]),
        ("差距 Margin of the better answer, β × log-ratio", ["margin"]),
        ("奖励 Reward", ["reward"]), ("奖励的方差 Variance of rewards within a group", ["reward_variance"]),
        ("离起点多远 Distance from the start, KL in nats an answer", ["kl"]),
        ("回答长度 Length of answers, tokens", ["length"]),
        ("无差别的组 Groups whose rewards are all the same", ["degenerate_groups"]),
    ]

    private static func plots(_ history: RunHistory) -> [(title: String, names: [String], svg: String)] {
        func restless(_ member: String) -> [LinePlot.Curve] {
            let points = history.curve(member)
            return [
                .init(name: "", points: points, isFaint: true),
                .init(name: "", points: RunHistory.smoothed(points, share: smoothing)),
            ]
        }
        let plots = [
            LinePlot(title: "损失 Loss (nats/token)", curves: restless("loss")),
            LinePlot(
                title: "每字节比特 Bits per byte, held-out text",
                curves: history.languages.map { .init(name: $0, points: history.bits($0)) }),
            LinePlot(
                title: "学习率 Learning rate", curves: [.init(name: "", points: history.curve("learning_rate"))]),
            LinePlot(
                title: "梯度范数 Gradient norm, before clipping", curves: restless("gradient_norm"),
                isLogarithmic: true),
            LinePlot(title: "词元/秒 Tokens per second", curves: restless("tokens_per_second")),
        ] + measures.map { title, members in
            LinePlot(
                title: title,
                curves: members.flatMap { member in
                    restless(member) + [.init(name: "held out", points: history.validated(member))]
                })
        }
        return plots.map { ($0.title, $0.curves.filter { !$0.points.isEmpty }.map(\.name), $0.svg) }
            .filter { !$0.2.isEmpty }
    }

    /// Writes the three files, each whole or not there.
    ///
    /// - Throws: `TrainingError.file`.
    package func write(to folder: String) throws(TrainingError) {
        try Files.makeFolder(folder)
        let texts = [("html", html), ("md", markdown), ("json", json.serialized(.pretty) + "\n")]
        for (ending, text) in texts {
            // Without its type the array would be encoded as JSON itself.
            let bytes: [UInt8] = Array(text.utf8)
            try Files.replace("\(folder)/report.\(ending)", with: bytes)
        }
    }
}
