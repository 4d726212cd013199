import ArgumentParser
import Evaluation
import Foundation
import JSON

/// `danlu eval tasks`: what can be asked.
struct EvalTasks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: Language.text(zh: "列出任务与数据来源。", en: "List the tasks and where their data comes from."))
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() throws {
        let kinds = TaskCatalogue.kinds
        if json {
            let list = kinds.map { kind -> JSONValue in
                [
                    "name": .string(kind.name), "about": .string(kind.en), "shots": .int(kind.shots),
                    "source": .string(kind.source),
                ]
            }
            return Terminal.output(JSONValue.array(list).serialized())
        }
        let width = kinds.map(\.name.count).max() ?? 0
        for kind in kinds {
            let name = kind.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let shots = kind.shots > 0 ? " · \(kind.shots)-shot" : ""
            Terminal.output("\(name)  \(Language.text(zh: kind.zh, en: kind.en))\(shots) · \(kind.source)")
        }
        Terminal.output(
            Language.text(
                zh: """
                    自己的题：--tasks 文件.jsonl，每行 {"question", "choices", "answer"}，
                    或 {"question", "rules"}，见 docs/evaluation.md
                    """,
                en: """
                    one's own questions: --tasks FILE.jsonl, lines of {"question", "choices", "answer"}
                    or {"question", "rules"}; see docs/evaluation.md
                    """))
    }
}
