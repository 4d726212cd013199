import ArgumentParser
import Foundation
import Instructions
import JSON

extension DataVerb {
    /// `danlu data split`: training and held-out examples, chosen by content.
    struct Split: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "拆成训练与留出两份。", en: "Split into training and held-out data."),
            discussion: Language.text(
                zh: """
                    例：danlu data split mine.jsonl --held-out 0.1 --output split/
                    写出 split/train.jsonl 与 split/held-out.jsonl。去向只由提问的内容与 --seed 决定：问题相同的（包括
                    重复的）在同一边，以后添加数据不会移动已有的；并报告留出的例子里有多少与训练的有 13 个词或汉字连续相同。
                    """,
                en: """
                    Example: danlu data split mine.jsonl --held-out 0.1 --output split/
                    Writes split/train.jsonl and split/held-out.jsonl. The question's content and --seed alone decide:
                    the same questions, repeats among them, are on one side, and data that is added later moves none.
                    Reports how many held-out examples share 13 words or Han characters in a row with training.
                    """))

        @OptionGroup var input: DataInputOptions
        @Option(help: .init(Language.text(zh: "留出的份额，0 到 1 之间。", en: "The share that is held out, between 0 and 1.")))
        var heldOut = 0.1
        @Option(help: .init(Language.text(zh: "种子；换一个得到另一种拆法。", en: "The seed; another one splits otherwise.")))
        var seed: UInt64 = 1
        @Option(help: .init(Language.text(zh: "写入的文件夹。", en: "The folder to write to."), valueName: "folder"))
        var output: String
        @Flag(help: .init(Language.text(zh: "覆盖已有的文件。", en: "Replace files that are there."))) var overwrite = false

        func validate() throws {
            if !(heldOut > 0 && heldOut < 1) { throw ValidationError("--held-out: 0 < … < 1") }
        }

        func run() async throws {
            try await DataVerb.run(stopped: DataVerb.nothingWritten) { [self] in try split() }
        }

        private func split() throws {
            do {
                try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            } catch {
                throw TerminalError.cannotWrite(path: output, reason: error.localizedDescription)
            }
            let training = try ExampleWriter(path: "\(output)/train.jsonl", overwrite: overwrite)
            let heldOutWriter = try ExampleWriter(path: "\(output)/held-out.jsonl", overwrite: overwrite)
            let split = DataSplit(heldOutShare: heldOut, seed: seed)
            var pass = DataPass(input)
            var shared = Contamination()
            try pass.run { visit in
                guard split.isHeldOut(visit.example) else { return try training.write(visit.example) }
                shared.add(heldOut: visit.example)
                try heldOutWriter.write(visit.example)
            }
            try pass.refuseFaults()
            guard training.count > 0, heldOutWriter.count > 0 else {
                throw ValidationError(
                    Language.text(
                        zh: "有一边是空的（训练 \(training.count)，留出 \(heldOutWriter.count)）：提问太少；请换 --held-out 或 --seed",
                        en:
                            "a side is empty (training \(training.count), held out \(heldOutWriter.count)): there are "
                            + "too few questions; change --held-out or --seed"))
            }
            try compare(split, &shared)
            try training.finish()
            try heldOutWriter.finish()
            show(pass, training.count, heldOutWriter.count, overlapping: shared.itemsFound)
        }

        /// Reads once more: what is held out is little and fits in memory, what is trained on need not.
        private func compare(_ split: DataSplit, _ shared: inout Contamination) throws {
            var progress = ProgressLine()
            defer { progress.clear() }
            let files = try InstructionFiles(paths: input.paths)
            var reader = ExampleReader(files)
            while let item = try reader.next() {
                if case .example(let example, _) = item, !split.isHeldOut(example) {
                    _ = shared.overlap(with: example)
                }
                guard progress.isDue else { continue }
                try Task.checkCancellation()
                progress.show(
                    [Language.text(zh: "比较两份", en: "comparing the two")],
                    share: Double(reader.bytesRead) / Double(max(1, files.bytes)))
            }
        }

        private func show(_ pass: DataPass, _ training: Int, _ held: Int, overlapping: Int) {
            if input.json {
                var object = pass.json
                object["output"] = .string(output)
                object["training"] = .int(training)
                object["held_out"] = .int(held)
                object["held_out_overlapping"] = .int(overlapping)
                object["seed"] = .int(Int(truncatingIfNeeded: seed))
                return Terminal.output(JSONValue.object(object).serialized())
            }
            for fault in pass.faults { Terminal.note(fault.wording.text) }
            for line in DataText.summary(pass) { Terminal.output(line) }
            Terminal.output(
                Language.text(
                    zh: "训练 \(training) 例，留出 \(held) 例：\(output)；留出的有 \(overlapping) 例与训练的有连续 13 个词或汉字相同",
                    en:
                        "\(training) examples to train on, \(held) held out: \(output); \(overlapping) of these share "
                        + "13 words or Han characters in a row with training"))
        }
    }
}
