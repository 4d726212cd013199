import Instructions
import Training
import Tuning

/// From files of tasks to what GRPO learns from, and what is said of those that are left out.
struct TaskExamples {
    let input: TuningInput
    let file: TaskFile
    /// Of the longest prompt.
    let promptTokensMax: Int

    private static let namedMax = 5

    /// - Parameter promptLimit: tokens of a prompt at most; tasks with longer ones are left out.
    /// - Throws: what is wrong with the data or a reward, by file and line.
    init(_ paths: [String], _ text: TuningText, promptLimit: Int, skipsBroken: Bool) throws {
        let data = try InstructionData(paths: paths, skipsBroken: skipsBroken)
        let renderer = text.renderer
        var (prompts, tasks): ([RenderedExample], [InstructionExample]) = ([], [])
        var (others, long): (Int, [String]) = (0, [])
        for example in data.examples {
            guard case .task = example.lesson else {
                others += 1
                continue
            }
            let tokens = try renderer.prompt(example.messages, tools: example.tools)
            guard tokens.count <= promptLimit else {
                long.append("\(example.source)")
                continue
            }
            tasks.append(example)
            prompts.append(
                RenderedExample(tokens: tokens, isTarget: tokens.map { _ in false }, source: example.source))
        }
        Self.tell(broken: data.faultCount, others: others, long: long, promptLimit)
        let path = paths.joined(separator: ", ")
        guard !tasks.isEmpty else {
            throw TuningError.noTasks(
                path: path, reason: "none has a reward and a prompt of at most \(promptLimit) tokens")
        }
        file = try TaskFile(tasks)
        promptTokensMax = prompts.reduce(0) { max($0, $1.tokens.count) }
        input = TuningInput(
            examples: LabelledExamples(demonstrations: prompts), tokenizer: text.tokenizer,
            template: text.templateSource, path: path)
    }

    private static func tell(broken: Int, others: Int, long: [String], _ limit: Int) {
        func note(_ count: Int, _ zh: String, _ en: String) {
            if count > 0 { Terminal.note(Language.text(zh: "\(count) \(zh)", en: "\(count) \(en)")) }
        }
        note(broken, "条坏记录已跳过", "broken records are passed over")
        note(others, "条没有奖励，不参与", "examples have no reward and are left out")
        let names = long.prefix(namedMax).joined(separator: ", ") + (long.count > namedMax ? ", …" : "")
        note(
            long.count, "条的提问超过 \(limit) 个词元，已略过：\(names)",
            "prompts are longer than \(limit) tokens and are left out: \(names)")
    }
}
