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
        return """
            <!doctype html>
            <html lang="zh-CN">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escaped(title)) · 丹炉 Danlu</title>
            <style>
            \(Self.style)
            </style>
            <body>
            \(body.joined(separator: "\n"))
            </body>
            </html>

            """
    }

    /// Of every page of this kind.
    package static let style = """
        :root { color-scheme: light dark; --ink: #2a2420; --soft: #6e645b; --line: #e7e0d7; --paper: #fbf9f6;
          --c0: #b5402b; --c1: #2c6a99; --c2: #4b7a2f; --c3: #8a4fa3; --c4: #a86c00; --c5: #0f7f7a; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #ece5dd; --soft: #a69a8e; --line: #35302b; --paper: #191614;
            --c0: #f0866c; --c1: #7cb8e8; --c2: #9cc97d; --c3: #cf9ee6; --c4: #e6b45c; --c5: #63cdc6; } }
        body { max-width: 62rem; margin: 0 auto; padding: 1rem; background: var(--paper); color: var(--ink);
          font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
        h2 { font-size: 1.1rem; }
        table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
        th, td { padding: 0.25rem 0.6rem 0.25rem 0; border-top: 1px solid var(--line); text-align: left;
          vertical-align: top; overflow-wrap: anywhere; }
        th { width: 15rem; font-weight: 500; color: var(--soft); }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; }
        figure { margin: 0; }
        figcaption { font-size: 0.9rem; }
        figcaption span { font-weight: 600; }
        svg { width: 100%; height: auto; }
        svg text { fill: var(--soft); font-size: 11px; }
        .grid { stroke: var(--line); }
        .curve { fill: none; stroke-width: 1.7; }
        .faint { opacity: 0.3; stroke-width: 1; }
        .c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); }
        .c3 { stroke: var(--c3); } .c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); }
        span.c0 { color: var(--c0); } span.c1 { color: var(--c1); } span.c2 { color: var(--c2); }
        span.c3 { color: var(--c3); } span.c4 { color: var(--c4); } span.c5 { color: var(--c5); }
        @media (max-width: 40rem) {
          th, td { display: block; width: auto; padding-right: 0; }
          td { padding-top: 0; border: 0; }
          svg text { font-size: 18px; } }
        blockquote { margin: 0.6rem 0; padding-left: 0.9rem; border-left: 3px solid var(--line);
          white-space: pre-wrap; overflow-wrap: anywhere; }
        small { color: var(--soft); }
        """

    package var markdown: String {
        /// Nothing in it may end a cell or begin markup.
        func cell(_ text: String) -> String {
            text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("|", with: "\\|")
        }
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
