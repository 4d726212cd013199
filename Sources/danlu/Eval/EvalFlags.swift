import ArgumentParser
import Evaluation
import Foundation
import Hub

/// What is asked, and of how many.
struct EvalTaskFlags: ParsableArguments {
    @Option(
        help: .init(
            Language.text(
                zh: "任务，用逗号分隔；见 danlu eval tasks。", en: "Tasks with commas between; see danlu eval tasks."),
            valueName: "name,name,…"))
    var tasks: String
    @Option(
        help: .init(
            Language.text(zh: "每个任务的题数上限，按种子抽取。", en: "Items of each task at most, drawn by the seed.")))
    var limit: Int?
    @Option(help: .init(Language.text(zh: "题前的例子数。", en: "Examples before each question."))) var shots: Int?
    @Option(help: .init(Language.text(zh: "随机种子。", en: "The seed."))) var seed: UInt64 = 1
    @Option(
        help: .init(
            Language.text(
                zh: "数据所在的文件夹，可重复；默认 DANLU_HOME/eval/data。",
                en: "A folder with data, repeatable; by default DANLU_HOME/eval/data."), valueName: "folder"))
    var data: [String] = []
    @Option(
        help: .init(
            Language.text(
                zh: "bits 与 sentence-order 用的文本或文件夹，可重复。",
                en: "Texts or folders for bits and sentence-order, repeatable."), valueName: "path"))
    var text: [String] = []

    func validate() throws {
        if names.isEmpty { throw ValidationError("--tasks: ≥ 1") }
        if let limit, !(1...EvaluationLimits.itemsMax).contains(limit) {
            throw ValidationError("--limit: 1…\(EvaluationLimits.itemsMax)")
        }
        if let shots, !(0...EvaluationLimits.shotsMax).contains(shots) {
            throw ValidationError("--shots: 0…\(EvaluationLimits.shotsMax)")
        }
    }

    /// Each name once, in the order given.
    var names: [String] {
        var seen: Set<String> = []
        return tasks.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    var settings: TaskSettings {
        var settings = TaskSettings(folders: data.isEmpty ? [EvalHome.data] : data)
        settings.texts = text
        settings.limit = limit
        settings.shots = shots
        settings.seed = seed
        return settings
    }
}

/// Where answers and data are kept.
enum EvalHome {
    private static var folder: URL { Hub.Home.fromEnvironment.folder.appending(path: "eval") }
    static var data: String { folder.appending(path: "data").path }
    static func answers(_ identity: String) -> String {
        folder.appending(path: "answers-\(identity.prefix(16)).jsonl").path
    }
}
