import Foundation
import Reports

extension ReportCard {
    private var plots: [(title: String, svg: String)] {
        func rows(_ isProportion: Bool) -> [IntervalPlot.Row] {
            result.tasks.filter { $0.metric.isProportion == isProportion }.compactMap { task in
                task.score.map { score in
                    let before = before?.tasks.first { $0.name == task.name && $0.hash == task.hash }
                    return IntervalPlot.Row(name: task.name, score: score, before: before?.score)
                }
            }
        }
        let bits = rows(false).flatMap { row -> [IntervalPlot.Row] in
            let groups = result.tasks.first { $0.name == row.name }?.groups ?? []
            return groups.isEmpty ? [row] : groups.map { .init(name: "\(row.name) \($0.name)", score: $0.score) }
        }
        return [("正确率 Shares, with chance", rows(true)), ("每字节比特 Bits per byte", bits)]
            .map { ($0, IntervalPlot(title: $0, rows: $1).svg) }.filter { !$1.isEmpty }
    }

    /// One page without script or anything from elsewhere; light and dark.
    package var html: String {
        func escaped(_ text: String) -> String { HTMLText.escaped(text) }
        func section(_ table: Table) -> String {
            let head =
                table.columns.isEmpty
                ? "" : "<tr>\(table.columns.map { "<th>\(escaped($0))</th>" }.joined())</tr>"
            let rows = table.rows.map { row in
                "<tr><th scope=\"row\">\(escaped(row.first ?? ""))</th>"
                    + row.dropFirst().map { "<td>\(escaped($0))</td>" }.joined() + "</tr>"
            }
            return
                "<section><h2>\(escaped(table.title))</h2><table>\(head)\(rows.joined(separator: "\n"))</table>"
                + "</section>"
        }
        var body = ["<h1>\(escaped(title))</h1>"] + tables.prefix(1).map(section)
        body += ["<section class=\"plots\">"]
        body += plots.map { "<figure><figcaption>\(escaped($0.title))</figcaption>\($0.svg)</figure>" }
        body += ["</section>"] + tables.dropFirst().map(section)
        if !failures.isEmpty {
            body.append("<section><h2>已知的失败 Known failures</h2><ul>")
            body += failures.map { "<li>\(escaped($0))</li>" } + ["</ul></section>"]
        }
        if !result.samples.isEmpty {
            body.append("<section><h2>样本 Samples</h2>")
            body += result.samples.map {
                "<blockquote><b>\(escaped($0.prompt))</b>\n\(escaped($0.text))\($0.isCut ? " …" : "")</blockquote>"
            }
            body.append("</section>")
        }
        return ReportPage.html(
            title: title, body: body, moreStyle: "section table { display: block; overflow-x: auto; }")
    }

    package var markdown: String {
        func cell(_ text: String) -> String { ReportPage.markdownCell(text) }
        func line(_ cells: [String]) -> String { "| \(cells.map(cell).joined(separator: " | ")) |" }
        var lines = ["# \(cell(title))", ""]
        for table in tables {
            let columns = table.columns.isEmpty ? ["", ""] : table.columns
            lines += ["## \(cell(table.title))", "", line(columns), "|" + columns.map { _ in "---|" }.joined()]
            lines += table.rows.map(line) + [""]
        }
        if !failures.isEmpty { lines += ["## 已知的失败 Known failures", ""] + failures.map { "- \(cell($0))" } + [""] }
        if !result.samples.isEmpty {
            lines += ["## 样本 Samples", ""]
            for sample in result.samples {
                let text = "\(sample.prompt)\n\(sample.text)".split(separator: "\n", omittingEmptySubsequences: false)
                lines += text.map { "    \($0)" } + [""]
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Writes the three files, each whole or not there.
    ///
    /// - Throws: `EvaluationError.file`.
    package func write(to folder: String) throws(EvaluationError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .file(operation: "make the folder", path: folder, reason: error.localizedDescription)
        }
        for (ending, text) in [("html", html), ("md", markdown), ("json", try result.json() + "\n")] {
            let path = "\(folder)/report.\(ending)"
            do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
                throw .file(operation: "write", path: path, reason: error.localizedDescription)
            }
        }
    }
}
