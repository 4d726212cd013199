import Reports

extension RunReport {
    /// One page without script or anything from elsewhere; light and dark.
    package var html: String {
        func escaped(_ text: String) -> String { HTMLText.escaped(text) }
        func table(_ section: Section) -> [String] {
            guard !section.rows.isEmpty else { return [] }
            let rows = section.rows.map {
                "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>"
            }
            return ["<section><h2>\(escaped(section.title))</h2><table>"] + rows + ["</table></section>"]
        }
        // What came of it first, for those who read no further.
        var body = ["<h1>\(escaped(title))</h1>"] + sections.prefix(1).flatMap(table)
        body.append("<section class=\"plots\">")
        for plot in plots {
            let names = plot.names.enumerated().filter { !$1.isEmpty }
                .map { "<span class=\"c\($0 % 6)\">\(escaped($1))</span>" }.joined(separator: " ")
            body.append("<figure><figcaption>\(escaped(plot.title)) \(names)</figcaption>\(plot.svg)</figure>")
        }
        body.append("</section>")
        if !samples.isEmpty {
            body.append("<section><h2>样本 Samples</h2>")
            body += samples.map {
                "<blockquote><b>\(escaped($0.prompt))</b>\(escaped($0.text)) "
                    + "<small>step \($0.step)</small></blockquote>"
            }
            body.append("</section>")
        }
        if !failures.isEmpty {
            body.append("<section><h2>已知的失败 Known failures</h2><ul>")
            body += failures.map { "<li>\(escaped($0))</li>" }
            body.append("</ul></section>")
        }
        body += sections.dropFirst().flatMap(table)
        return ReportPage.html(title: title, body: body)
    }

    package var markdown: String {
        func cell(_ text: String) -> String { ReportPage.markdownCell(text) }
        var lines = ["# \(cell(title))", ""]
        for section in sections where !section.rows.isEmpty {
            lines += ["## \(section.title)", "", "| | |", "|---|---|"]
            lines += section.rows.map { "| \(cell($0.name)) | \(cell($0.value)) |" }
            lines.append("")
        }
        if !failures.isEmpty {
            lines += ["## 已知的失败 Known failures", ""] + failures.map { "- \(cell($0))" } + [""]
        }
        if !samples.isEmpty {
            lines += ["## 样本 Samples", ""]
            for sample in samples {
                let text = (sample.prompt + sample.text).split(separator: "\n", omittingEmptySubsequences: false)
                lines += ["Step \(sample.step):", ""] + text.map { "    \($0)" } + [""]
            }
        }
        lines += ["[report.html](report.html) 有曲线 has the curves.", ""]
        return lines.joined(separator: "\n")
    }
}
