import ArgumentParser
import Corpus
import Foundation
import JSON
import Synchronization
import Washing

extension CleanVerb {
    /// `danlu clean INPUT…`: what `danlu clean` does where no other verb is named.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: Language.text(zh: "清洗文件与文件夹。", en: "Wash files and folders."),
            discussion: Language.text(
                zh: """
                    读 jsonl、txt、md、html、warc 等及其 .gz、.zst，文件夹、通配符，或 - 表示标准输入。
                    输出文件夹里有 train/、validation/、manifest.json 与 report.html；中途被杀，再运行一次即接着做。
                    mpirun -np 4 danlu clean … 或 Slurm 数组：几个进程同写一个共享文件夹，结果与单进程相同。
                    """,
                en: """
                    Reads jsonl, txt, md, html, warc and others, these with .gz and .zst, folders, patterns, or - for
                    standard input. The output folder gets train/, validation/, manifest.json and report.html; killed,
                    it goes on where it was when it is run again. mpirun -np 4 danlu clean … or a Slurm array: several
                    programs share the work over one folder, and come to the same as one.
                    """))

        @Argument(help: .init(Language.text(zh: "文件、文件夹、通配符。", en: "Files, folders, patterns.")))
        var inputs: [String] = []

        @Option(help: .init(Language.text(zh: "配方：自带的名字或文件。", en: "Recipe: a shipped one, or a file.")))
        var recipe = "zh-en"

        @Option(help: .init(Language.text(zh: "输出文件夹。", en: "Folder that gets the corpus.")))
        var output: String?

        @Option(help: .init(Language.text(zh: "线程数。", en: "Threads.")))
        var threads = ProcessInfo.processInfo.activeProcessorCount

        @Option(help: .init(Language.text(zh: "JSON 里正文的字段名。", en: "Member or column that holds the text.")))
        var textField: String?

        @Option(help: .init(Language.text(zh: "编码；默认自动识别。", en: "Encoding; found out unless told.")))
        var encoding: String?

        @Option(
            help: .init(Language.text(zh: "逐条说明一个文件里的文章会不会留下。", en: "Say of a file's documents whether they are kept."))
        )
        var explain: String?

        @Flag(
            help: .init(
                Language.text(zh: "把去掉的文章连同理由写到 rejects/。", en: "Write what is dropped, with reasons, to rejects/.")))
        var keepRejects = false

        @Flag(help: .init(Language.text(zh: "保留中间文件。", en: "Keep the files of work.")))
        var keepWork = false

        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func validate() throws {
            guard (1...1024).contains(threads) else { throw ValidationError("--threads: 1…1024") }
            guard explain == nil || inputs.isEmpty else {
                throw ValidationError(
                    Language.text(zh: "--explain 与输入不能同时给。", en: "--explain and inputs exclude each other."))
            }
            guard explain != nil || !inputs.isEmpty else {
                throw ValidationError(Language.text(zh: "缺少输入；见 --help。", en: "There is no input; see --help."))
            }
            guard explain != nil || output != nil else {
                throw ValidationError(Language.text(zh: "缺少 --output。", en: "--output is missing."))
            }
        }

        func run() async throws {
            if let explain { return try show(explanationsOf: explain) }
            let isStopped = Mutex(false)
            let outcome = try Interrupts.stopping({ isStopped.withLock { $0 = true } }) {
                try wash { isStopped.withLock { $0 } }
            }
            guard let outcome else { Interrupts.end() }
            show(outcome)
        }

        private func options(_ isStopped: @escaping @Sendable () -> Bool = { false }) throws -> WashingOptions {
            WashingOptions(
                threads: threads, ranks: try Ranks(environment: ProcessInfo.processInfo.environment),
                keepsRejects: keepRejects, keepsWork: keepWork,
                raw: RawOptions(textField: textField, encoding: encoding), isStopped: isStopped)
        }

        /// Nil when it was stopped.
        private func wash(_ isStopped: @escaping @Sendable () -> Bool) throws -> WashingOutcome? {
            let washer = try Washer(
                inputs: inputs, recipe: try Washing.Recipe.load(recipe), output: output ?? "",
                options: try options(isStopped))
            let display = CleanProgress()
            defer { display.clear() }
            do { return try washer.run { display.show($0) } } catch is CancellationError {
                Terminal.note(
                    Language.text(zh: "已停止；再运行一次即接着做。", en: "Stopped; run it again to go on."))
                return nil
            }
        }

        private func show(_ outcome: WashingOutcome) {
            guard !outcome.isPart else {
                Terminal.note(
                    Language.text(zh: "本进程的部分已完成；由 0 号进程收尾。", en: "This program's part is done; rank 0 finishes."))
                return
            }
            if json { return Terminal.output(outcome.json.serialized()) }
            CleanText.lines(outcome, folder: output ?? "").forEach { Terminal.output($0) }
        }

        private func show(explanationsOf path: String) throws {
            let steps = try RecipeSteps(try Washing.Recipe.load(recipe))
            let explanations = try Explanation.explain(path, steps, washed: output, options: try options())
            for explanation in explanations {
                if json {
                    Terminal.output(explanation.json.serialized())
                } else {
                    CleanText.lines(explanation).forEach { Terminal.output($0) }
                }
            }
        }
    }
}
