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
    @Flag(help: .init(Language.text(zh: "给出公式与出处。", en: "State the formulae and their sources."))) var explain = false
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() throws {
        if machine.isHere {
            Terminal.note(
                Language.text(zh: "正在测量本机（几秒）…", en: "Measuring this machine, some seconds…"))
        }
        let plan = try model.plan(on: machine.resolved(for: model), prices: machine.prices)
        let sheet = PlanSheet(plan: plan)
        if json { return Terminal.output(sheet.json.serialized()) }
        for (name, value) in sheet.rows {
            let pad = String(repeating: " ", count: max(1, 10 - name.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }))
            Terminal.output(name + pad + value)
        }
        if explain { Terminal.output("\n" + PlanFormulae.text) }
    }
}
