import ArgumentParser
import Foundation
import JSON
import Training

extension Runs {
    /// `danlu runs report`: what a run was and what came of it.
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "写一份训练报告。", en: "Write a report on a run."),
            discussion: Language.text(
                zh: """
                    例：danlu runs report --run runs/诗 --output 报告 --watts 95 --price-per-kwh 0.6
                    写出 report.html（含曲线，无脚本，无外部内容）、report.md、report.json：来历（哈希）、数据、代价、曲线、
                    每字节比特、固定提示的样本、已知的失败。
                    """,
                en: """
                    Example: danlu runs report --run runs/poems --output report --watts 95 --price-per-kwh 0.6
                    Writes report.html (curves; no script, nothing from elsewhere), report.md and report.json: lineage
                    by hash, data, cost, curves, bits per byte, samples of fixed prompts, known failures.
                    """))

        @Option(
            name: .customLong("run"),
            help: .init(Language.text(zh: "名称或文件夹。", en: "A name or folder."), valueName: "run"))
        var folder: String
        @Option(help: .init(Language.text(zh: "写入的文件夹。", en: "The folder to write to."), valueName: "folder"))
        var output: String
        @Option(help: .init(Language.text(zh: "机器功率，瓦。", en: "What the machine takes, in watts."))) var watts: Double?
        @Option(help: .init(Language.text(zh: "每千瓦时价格。", en: "The price of a kilowatt-hour."))) var pricePerKwh: Double?
        @Option(help: .init(Language.text(zh: "每小时价格。", en: "The price of an hour."))) var pricePerHour: Double?
        @Option(help: .init(Language.text(zh: "币种。", en: "The currency."))) var currency = "CNY"
        @Flag(help: .init(Language.text(zh: "同时输出 JSON。", en: "Print the JSON too."))) var json = false

        func validate() throws {
            for value in [watts, pricePerKwh, pricePerHour].compactMap(\.self) where !(value >= 0 && value < 1e9) {
                throw ValidationError("\(value): ≥ 0")
            }
        }

        func run() throws {
            var prices = RunReport.Prices()
            prices.watts = watts
            prices.pricePerKilowattHour = pricePerKwh
            prices.pricePerHour = pricePerHour
            prices.currency = currency
            let report = try RunReport(try RunsHome.run(folder), prices: prices)
            try report.write(to: output)
            if json { return Terminal.output(report.json.serialized()) }
            for name in ["report.html", "report.md", "report.json"] { Terminal.output("\(output)/\(name)") }
        }
    }
}
