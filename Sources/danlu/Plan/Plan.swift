import ArgumentParser
import Foundation
import JSON
import Training

/// `danlu plan`: what a training run takes, before it is begun.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: Language.text(
            zh: "开工之前：词元、计算量、内存、时间、电能、费用。", en: "Before spending: tokens, compute, memory, time, energy, money."),
        discussion: Language.text(
            zh: """
                例：
                  danlu plan --size 3M                                             本机，实测速度
                  danlu plan --size 10B --overtrain 30 --machine a100 --count 1000 --price-hour 12
                  danlu plan --layers 12 --width 768 --tokens 10B --machine 4090 --explain
                """,
            en: """
                Examples:
                  danlu plan --size 3M                                             here, at measured speed
                  danlu plan --size 10B --overtrain 30 --machine a100 --count 1000 --price-hour 1.8
                  danlu plan --layers 12 --width 768 --tokens 10B --machine 4090 --explain
                """))

    @OptionGroup(title: "Model") var model: PlanOptions
    @OptionGroup(title: "Machine") var machine: PlanMachine
    @Option(
        name: .customLong("run"),
        help: .init(
            Language.text(
                zh: "已有的训练：计划与它的日志相差多少。", en: "A run: how far a plan of it is from what its log says."),
            valueName: "dir"))
    var runFolder: String?
    @Flag(help: .init(Language.text(zh: "给出公式与出处。", en: "State the formulae and their sources."))) var explain = false
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func validate() throws {
        guard model.namesModel != (runFolder != nil) else {
            throw ValidationError(
                Language.text(
                    zh: "需要 --size，或 --layers 与 --width，或 --run",
                    en: "say --size, or --layers and --width, or --run"))
        }
    }

    func run() throws {
        if machine.isHere {
            Terminal.note(
                Language.text(zh: "正在测量本机（几秒）…", en: "Measuring this machine, some seconds…"))
        }
        let run = try runFolder.map { try PlannedRun($0) }
        var plan = try run?.plan(prices: machine.prices) ?? model.plan(prices: machine.prices)
        let configuration = run?.summary.configuration
        plan.machine = try machine.resolved(
            for: plan, batchTokens: configuration?.batchTokens, rows: configuration?.microRows)
        let sheet = PlanSheet(plan: plan)
        if json {
            var object = sheet.json.object ?? JSONObject()
            if let run { object["run"] = run.json(plan) }
            return Terminal.output(JSONValue.object(object).serialized())
        }
        var rows = sheet.rows
        if let run { rows.append((Language.text(zh: "实际", en: "run"), run.text(plan))) }
        for (name, value) in rows {
            let pad = String(repeating: " ", count: max(1, 10 - name.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }))
            Terminal.output(name + pad + value)
        }
        if explain { Terminal.output("\n" + PlanFormulae.text) }
    }
}
