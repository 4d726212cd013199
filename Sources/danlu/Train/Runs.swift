import ArgumentParser
import Foundation
import JSON
import Training

/// `danlu runs`: what was trained.
struct Runs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: Language.text(zh: "列出、比较、删除训练，查看曲线，写报告。", en: "List, compare, watch, report on and delete runs."),
        discussion: Language.text(
            zh: """
                例：
                  danlu runs                                  列表
                  danlu runs compare runs/a runs/b            设置的不同与结果
                  danlu runs --web                            在浏览器里看曲线
                  danlu runs report --run runs/a --output 报告
                  danlu runs delete runs/a --yes
                """,
            en: """
                Examples:
                  danlu runs                                  the list
                  danlu runs compare runs/a runs/b            what differs in them, and their results
                  danlu runs --web                            their curves in the browser
                  danlu runs report --run runs/a --output report
                  danlu runs delete runs/a --yes
                """),
        subcommands: [List.self, Compare.self, Report.self, Delete.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "列出训练。", en: "List the runs."))
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false
        @OptionGroup var page: RunsPage

        func validate() throws { try page.check() }

        func run() async throws {
            if page.web { return try await page.serve() }
            // A run whose files are damaged must not hide the others.
            let summaries = RunsHome.runs.compactMap { try? RunSummary($0) }
            if json { return Terminal.output(JSONValue.array(summaries.map(\.json)).serialized()) }
            if summaries.isEmpty {
                Terminal.note(
                    Language.text(
                        zh: "还没有训练；见 danlu train pretrain --help",
                        en: "There are no runs yet; see danlu train pretrain --help"))
            }
            let width = summaries.map { CharacterWidth.of($0.folder.name) }.max() ?? 0
            for summary in summaries {
                let name = RunsText.padded(summary.folder.name, width)
                Terminal.output("\(name)  \(RunsText.facts(summary).joined(separator: " · "))")
            }
        }
    }

    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "比较训练。", en: "Compare runs."))
        @Argument(help: .init(Language.text(zh: "名称或文件夹。", en: "Names or folders."), valueName: "run"))
        var runs: [String]
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func validate() throws {
            if runs.count < 2 { throw ValidationError(Language.text(zh: "至少两个", en: "two runs at least")) }
        }

        func run() throws {
            let comparison = try RunComparison(runs.map { try RunsHome.run($0) })
            if json { return Terminal.output(comparison.json.serialized()) }
            for line in RunsText.table(comparison) { Terminal.output(line) }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "删除训练及其全部检查点。", en: "Delete runs with all their checkpoints."))
        @Argument(help: .init(Language.text(zh: "名称或文件夹。", en: "Names or folders."), valueName: "run"))
        var runs: [String]
        @Flag(name: .shortAndLong, help: .init(Language.text(zh: "不再询问。", en: "Do not ask."))) var yes = false

        func run() throws {
            for run in try runs.map({ try RunsHome.run($0) }) {
                if !yes {
                    guard Terminal.inputIsTerminal else {
                        Terminal.note(Language.text(zh: "不在终端中：请加 --yes", en: "not on a terminal: add --yes"))
                        throw ExitCode(2)
                    }
                    Terminal.note(
                        Language.text(zh: "删除 \(run.path)？[y/N] ", en: "Delete \(run.path)? [y/N] "), terminator: "")
                    guard ["y", "yes", "是"].contains((readLine() ?? "").lowercased()) else { throw ExitCode(1) }
                }
                try RunsHome.delete(run)
                Terminal.note(Language.text(zh: "已删除 \(run.path)", en: "deleted \(run.path)"))
            }
        }
    }
}
