/// What all reports have in common: the page around their body, and cells of Markdown tables.
package enum ReportPage {
    /// One page without script or anything from elsewhere; light and dark.
    ///
    /// - Parameters:
    ///   - body: lines of HTML, whose texts are escaped already.
    ///   - moreStyle: rules of this kind of report.
    package static func html(title: String, body: [String], moreStyle: String = "") -> String {
        """
        <!doctype html>
        <html lang="zh-CN">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(HTMLText.escaped(title)) · 丹炉 Danlu</title>
        <style>
        \(style)\(moreStyle.isEmpty ? "" : "\n" + moreStyle)
        </style>
        <body>
        \(body.joined(separator: "\n"))
        </body>
        </html>

        """
    }

    /// A text in one cell: nothing in it may end the cell or begin markup.
    package static func markdownCell(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("|", with: "\\|")
    }

    private static let style = """
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
}
