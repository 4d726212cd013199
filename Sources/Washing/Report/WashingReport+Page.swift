import Reports

/// `report.html`.
extension WashingReport {
    var html: String {
        let tables = tables
        var body = ["<h1>洗料报告 <small>Washing report</small></h1>"]
        body += tables.prefix(1).flatMap(Self.html)
        body += [
            "<p class=\"legend\"><b class=\"lost\">■</b> 之前 before <b>■</b> 之后 after</p>", "<div class=\"plots\">",
        ]
        body += plots.map {
            "<figure><figcaption><span>\(HTMLText.escaped($0.title))</span></figcaption>\($0.svg)</figure>"
        }
        body.append("</div>")
        body += tables.dropFirst().flatMap(Self.html)
        body.append("<h2 id=\"samples\">样本 Samples</h2>")
        body.append(
            "<p><small>每组按文本哈希取样，与次序无关；数值 / 界限。 Chosen by the hash of the text, whatever its place; "
                + "value / limit.</small></p>")
        for (title, samples) in samples {
            body.append("<details><summary>\(HTMLText.escaped(title)) <small>\(samples.count)</small></summary>")
            for sample in samples {
                body.append("<small>\(HTMLText.escaped(Self.caption(sample)))</small>")
                body.append("<blockquote>\(HTMLText.escaped(sample.text))</blockquote>")
            }
            body.append("</details>")
        }
        return ReportPage.html(title: "洗料 Washing: \(outcome.recipe)", body: body, moreStyle: Self.style)
    }

    private static let style = """
        .bar, .legend b { fill: var(--c1); color: var(--c1); }
        .bar.lost, .legend b.lost { fill: var(--faint); color: var(--faint); }
        :root { --faint: #d9cfc2; } @media (prefers-color-scheme: dark) { :root { --faint: #4a433c; } }
        .legend { color: var(--soft); font-size: 0.9rem; }
        .wide { overflow-x: auto; } .wide th { width: auto; white-space: nowrap; }
        .wide td.n, .wide th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .wide td:first-child { white-space: nowrap; overflow-wrap: normal; }
        @media (max-width: 40rem) { .wide th, .wide td { display: table-cell; padding-right: 0.6rem;
          border-top: 1px solid var(--line); } .wide td { padding-top: 0.25rem; } }
        .plots svg text { font-size: 14px; }
        summary { cursor: pointer; padding: 0.15rem 0; } blockquote { max-height: 18rem; overflow: auto; }
        """

    /// A table; columns of numbers stand to the right.
    private static func html(_ table: Table) -> [String] {
        let isRight = (0..<table.head.count).map { column in
            column > 0 && table.rows.allSatisfy { $0[column].isEmpty || isNumber($0[column]) }
                && table.rows.contains { !$0[column].isEmpty }
        }
        func cells(_ row: [String], _ tag: String) -> String {
            row.enumerated().map { column, text in
                "<\(tag)\(isRight[column] ? " class=\"n\"" : "")>\(HTMLText.escaped(text))</\(tag)>"
            }.joined()
        }
        var lines = ["<h2>\(HTMLText.escaped(table.title))</h2>", "<div class=\"wide\"><table>"]
        if table.head.contains(where: { !$0.isEmpty }) { lines.append("<tr>\(cells(table.head, "th"))</tr>") }
        lines += table.rows.map { "<tr>\(cells($0, "td"))</tr>" }
        return lines + ["</table></div>"]
    }

    private static func isNumber(_ text: String) -> Bool { text.first?.isNumber == true || text.hasPrefix("< ") }

    // MARK: Plots

    private static let rowsOfPlot = 12
    /// Smaller shares of the whole are no bars; the tables have them.
    private static let shareOfPlotMin = 0.001

    /// Those that have something to show.
    private var plots: [(title: String, svg: String)] {
        [
            funnelPlot, lengthPlot, plot("语言 Languages", \.languages), plot("来源 Sources", \.sources),
            plot("网站 Sites", \.domains),
        ].map { ($0.title, $0.svg) }.filter { !$0.svg.isEmpty }
    }

    private var funnelPlot: BeforeAfterPlot {
        BeforeAfterPlot(
            title: "漏斗 Funnel（字节 bytes）",
            rows: statistics.steps.map {
                .init(name: $0.name, before: $0.input.bytes, after: $0.output.bytes, note: Self.size($0.output.bytes))
            })
    }

    /// Documents by the power of two of their bytes.
    private var lengthPlot: BeforeAfterPlot {
        let (before, after) = (statistics.before.lengths, statistics.after.lengths)
        let powers = Set(before.keys).union(after.keys).compactMap { Int($0) }
        guard let first = powers.min(), let last = powers.max() else { return BeforeAfterPlot(title: "", rows: []) }
        return BeforeAfterPlot(
            title: "长度 Lengths（每篇字节 bytes a document）",
            rows: (max(first, last - 24)...last).map { power in
                let (old, new) = (before["\(power)"] ?? 0, after["\(power)"] ?? 0)
                return .init(
                    name: "\(Self.power(power)) – \(Self.power(power + 1))", before: old, after: new,
                    note: "\(new) / \(old)")
            })
    }

    /// 2^13 as `8 KiB`.
    private static func power(_ power: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        let unit = min(power / 10, units.count - 1)
        return "\(1 << (power - 10 * unit)) \(units[unit])"
    }

    private func plot(
        _ title: String, _ part: KeyPath<WashingStatistics.Portrait, [String: WashingStatistics.Amount]>
    ) -> BeforeAfterPlot {
        let least = Self.shareOfPlotMin * Double(statistics.before.total.bytes)
        return BeforeAfterPlot(
            title: "\(title)（字节 bytes）",
            rows: names(part).prefix(Self.rowsOfPlot).compactMap { name in
                let old = statistics.before[keyPath: part][name]?.bytes ?? 0
                guard Double(old) >= least else { return nil }
                let new = statistics.after[keyPath: part][name]?.bytes ?? 0
                return .init(name: name, before: old, after: new, note: Self.percent(new, old))
            })
    }
}
