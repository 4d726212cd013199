import ArgumentParser
import Assistant
import Dialogue
import Evaluation
import Foundation
import Instructions
import JSON

extension DataVerb {
    /// `danlu data answer`: a model answers prompts, as examples for another to learn from.
    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "让一个模型回答提问，写成示例。", en: "Let a model answer prompts, as examples."),
            discussion: Language.text(
                zh: """
                    例：
                      danlu data answer --model qwen2.5-coder-1.5b-instruct --data prompts.jsonl --output answers.jsonl
                      danlu train lora --model qwen2.5-coder-0.5b-instruct --data answers.jsonl --run runs/小
                    大模型的回答教小模型（序列级蒸馏）。提问可以是任何一种格式，原有的回答不用。总是取最可能的词元；
                    停下或被杀后，同一命令接着来。
                    """,
                en: """
                    Examples:
                      danlu data answer --model qwen2.5-coder-1.5b-instruct --data prompts.jsonl --output answers.jsonl
                      danlu train lora --model qwen2.5-coder-0.5b-instruct --data answers.jsonl --run runs/small
                    A large model's answers teach a small one (sequence-level distillation). Prompts may be of any
                    schema; answers that are there are not used. The most probable token is always taken; stopped or
                    killed, the same command goes on.
                    """))

        @OptionGroup var options: ModelOptions
        @OptionGroup var adapters: AdapterOptions
        @Option(
            parsing: .upToNextOption,
            help: .init(Language.text(zh: "提问的文件。", en: "Files of prompts."), valueName: "file"))
        var data: [String] = []
        @Option(help: .init(Language.text(zh: "写入的 .jsonl 文件。", en: "The .jsonl file to write."), valueName: "path"))
        var output: String
        @Option(help: .init(Language.text(zh: "一个回答的词元数上限。", en: "Tokens of an answer at most."))) var maxTokens = 512
        @Option(help: .init(Language.text(zh: "最多回答几个。", en: "Prompts that are answered, the first ones.")))
        var limit: Int?
        @Flag(
            help: .init(
                Language.text(zh: "也写出没写完的回答（默认略去）。", en: "Write answers that were cut off too (left out by default)."))
        )
        var keepCut = false
        @Flag(help: .init(Language.text(zh: "跳过坏记录而不报错。", en: "Pass over broken records."))) var skipBroken = false
        @Flag(help: .init(Language.text(zh: "覆盖已有的文件。", en: "Replace a file that is there."))) var overwrite = false
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        static let tokensMax = 1 << 16

        func validate() throws {
            if data.isEmpty { throw ValidationError("--data") }
            if !(1...Self.tokensMax).contains(maxTokens) { throw ValidationError("--max-tokens: 1…\(Self.tokensMax)") }
            if let limit, limit < 1 { throw ValidationError("--limit: ≥ 1") }
        }

        func run() async throws {
            let read: QuestionData
            do { read = try QuestionData(paths: data, skipsBroken: skipBroken) } catch let error as InstructionsError {
                throw Failure(description: error.wording.text)
            }
            let questions = Array(read.questions.filter(\.tools.isEmpty).prefix(limit ?? Int.max))
            let writer = try ExampleWriter(path: output, overwrite: overwrite)
            let (runner, log) = try runner()
            let tokensMax = maxTokens
            let work = Task {
                var line = ProgressLine()
                defer { line.clear() }
                return try await runner.answers(to: questions.map(\.messages), tokensMax: tokensMax) { state in
                    guard line.isDue else { return }
                    line.show(
                        [
                            Language.text(
                                zh: "回答 \(state.done)/\(state.items)", en: "\(state.done)/\(state.items) answers"),
                            line.rate(state.asked),
                        ], share: Double(state.done) / Double(max(1, state.items)))
                }
            }
            let written: [Runner.Written]
            do { written = try await Interrupts.value(of: work) } catch is CancellationError {
                Terminal.note(
                    Language.text(zh: "已停止；再次运行同一命令即继续。", en: "Stopped; the same command goes on from here."))
                throw ExitCode(130)
            }
            try write(zip(questions, written).map { ($0, $1) }, to: writer, all: read)
            try? FileManager.default.removeItem(atPath: log)
        }

        /// What asks, and where answers are kept until all are there.
        private func runner() throws -> (Runner, log: String) {
            let entry = try LocalModels.entry(options.model)
            let identity = try ModelIdentity(
                path: entry.path, adapters: adapters.paths, setting: "\(options.cacheType.rawValue) \(adapters.scale)")
            let base = try LocalModels.assistant(options.model, LocalModel.options(options.assistantOptions))
            let model = LocalModel(try adapters.applied(to: base), identity: identity.hash)
            let log = "\(output).answers"
            return (Runner(model: model, log: try AnswerLog(path: log)), log)
        }

        private func write(
            _ answers: [(QuestionData.Question, Runner.Written)], to writer: ExampleWriter, all: QuestionData
        ) throws {
            var (cut, empty, faults) = (0, 0, [String]())
            for (question, written) in answers {
                switch written {
                case .fault(let reason): faults.append("\(question.source): \(reason)")
                case .answer(let text) where text.text.allSatisfy(\.isWhitespace): empty += 1
                case .answer(let text):
                    if text.isCut { cut += 1 }
                    guard keepCut || !text.isCut else { continue }
                    let messages = question.messages + [Message(role: .assistant, content: text.text)]
                    try writer.write(InstructionExample(messages: messages, source: question.source))
                }
            }
            try writer.finish()
            let tools = all.questions.count { !$0.tools.isEmpty }
            if json {
                let object: JSONObject = [
                    "output": .string(output), "questions": .int(answers.count), "written": .int(writer.count),
                    "cut": .int(cut), "empty": .int(empty), "unasked": .int(faults.count),
                    "with_tools": .int(tools), "broken": .int(all.faultCount),
                ]
                return Terminal.output(JSONValue.object(object).serialized())
            }
            for fault in faults.prefix(Self.faultsShownMax) { Terminal.note(fault) }
            for (count, zh, en) in [
                (all.faultCount, "条坏记录已跳过", "broken records are passed over"),
                (tools, "条带工具，未回答", "prompts have tools and are not answered"),
                (faults.count, "条无法提问", "prompts could not be asked"),
                (cut, keepCut ? "个回答没写完" : "个回答没写完，已略去", "answers were cut off\(keepCut ? "" : " and are left out")"),
                (empty, "个回答是空的，已略去", "answers are empty and are left out"),
            ] where count > 0 { Terminal.note(Language.text(zh: "\(count) \(zh)", en: "\(count) \(en)")) }
            Terminal.output(
                Language.text(zh: "写出 \(writer.count) 例：\(output)", en: "\(writer.count) examples written: \(output)"))
        }

        private static let faultsShownMax = 5
    }
}
