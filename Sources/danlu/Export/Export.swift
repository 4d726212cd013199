import ArgumentParser
import Foundation
import JSON
import Training

/// `danlu export`: a trained model as files that other programs load.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: Language.text(zh: "把模型导出为 GGUF 或 safetensors。", en: "Write a model as GGUF or safetensors."),
        discussion: Language.text(
            zh: """
                例：
                  danlu export --run 运行/诗 --format gguf --type Q4_K --output 诗.gguf
                  danlu export --run 运行/诗 --format safetensors --type BF16 --output 诗
                  danlu export --checkpoint 运行/诗/checkpoints/step-00001000 --format gguf --output 诗.gguf
                  danlu export --model Qwen3-0.6B --format gguf --type Q8_0 --output qwen3.gguf
                  danlu export --run 运行/我的 --format peft --output 我的-lora      LoRA 适配器本身
                  danlu export --run 运行/我的 --format gguf --type Q8_0 --output 我的.gguf     合并进基础模型
                GGUF 可由 llama.cpp 加载，safetensors 文件夹可由 transformers 加载，均无需修改。量化文件的类型混合与
                llama-quantize 同名类型一致；--pure 使所有矩阵用同一类型。
                """,
            en: """
                Examples:
                  danlu export --run runs/poems --format gguf --type Q4_K --output poems.gguf
                  danlu export --run runs/poems --format safetensors --type BF16 --output poems
                  danlu export --checkpoint runs/poems/checkpoints/step-00001000 --format gguf --output poems.gguf
                  danlu export --model Qwen3-0.6B --format gguf --type Q8_0 --output qwen3.gguf
                  danlu export --run runs/mine --format peft --output mine-lora      a LoRA adapter as it is
                  danlu export --run runs/mine --format gguf --type Q8_0 --output mine.gguf      merged into its base
                llama.cpp loads the GGUF file and transformers the folder, both unpatched. Quantised files mix types as
                llama-quantize's of the same name do; --pure gives all matrices the one type.
                """))

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case gguf, safetensors
        /// An adapter as it is.
        case peft
    }

    @Option(
        name: .customLong("run"),
        help: .init(
            Language.text(zh: "训练的名称或文件夹；取最新的完好检查点。", en: "A run; its newest sound checkpoint is taken."),
            valueName: "run"))
    var trained: String?
    @Option(help: .init(Language.text(zh: "某个检查点的文件夹。", en: "One checkpoint's folder."))) var checkpoint: String?
    @Option(help: .init(Language.text(zh: "Hugging Face 格式的模型文件夹。", en: "A folder of Hugging Face's kind.")))
    var model: String?
    @Option(help: .init("gguf|safetensors|peft")) var format: Format
    @Option(help: .init(ExportType.allCases.map(\.rawValue).joined(separator: "|"))) var type = "F32"
    @Option(help: .init(Language.text(zh: "写入的文件（gguf）或文件夹（safetensors）。", en: "The file (gguf) or folder to write.")))
    var output: String
    @Flag(help: .init(Language.text(zh: "所有矩阵用同一类型。", en: "One type for all matrices."))) var pure = false
    @Flag(help: .init(Language.text(zh: "覆盖已有的文件。", en: "Replace what is there."))) var overwrite = false
    @Option(help: .init(Language.text(zh: "线程数；结果与之无关。", en: "Threads; they do not change the result.")))
    var threads = ProcessInfo.processInfo.activeProcessorCount
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func validate() throws {
        if [trained, checkpoint, model].compactMap(\.self).count != 1 {
            throw ValidationError(
                Language.text(
                    zh: "--run、--checkpoint、--model 中恰好一个", en: "exactly one of --run, --checkpoint, --model"))
        }
        if !(1...256).contains(threads) { throw ValidationError("--threads: 1…256") }
        guard let chosen = ExportType(name: type) else {
            throw ValidationError("--type: \(ExportType.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if format == .peft, trained == nil || chosen != .f32 {
            throw ValidationError(
                Language.text(
                    zh: "--format peft：只用于 --run，类型为 F32", en: "--format peft goes with --run, and is F32"))
        }
        if format == .safetensors, !chosen.element.isFloat {
            throw ValidationError(
                Language.text(
                    zh: "--type：safetensors 只有 F32、F16、BF16；量化请用 --format gguf",
                    en: "--type: safetensors has F32, F16 and BF16; quantised types go with --format gguf"))
        }
    }

    func run() async throws {
        let job = ExportJob(
            trained: try trained.map { try RunsHome.run($0).path }, checkpoint: checkpoint, model: model,
            format: format, type: ExportType(name: type) ?? .f32, output: output, isPure: pure,
            replaces: overwrite, threads: threads)
        do {
            let (report, seconds) = try await Interrupts.value(of: Task { try job.run() })
            show(report, seconds)
        } catch is CancellationError {
            Terminal.note(Language.text(zh: "已停止；什么都没有写出。", en: "Stopped; nothing was written."))
            Interrupts.end()
        }
    }

    private func show(_ report: ExportReport, _ seconds: Double) {
        if json {
            var object: JSONObject = ["format": .string(format.rawValue), "type": .string(type.uppercased())]
            for (key, value) in report.json { object[key] = value }
            object["seconds"] = .double(seconds)
            return Terminal.output(JSONValue.object(object).serialized())
        }
        for (tensor, columns, type) in report.fallbacks {
            Terminal.note(
                Language.text(
                    zh: "\(tensor)：每行 \(columns) 个数不是 \(self.type) 块长的整数倍，改用 \(type.name)",
                    en: "\(tensor): rows of \(columns) are no whole blocks of \(self.type); stored as \(type.name)"))
        }
        let types = report.types.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.key.name) × \($0.value)" }.joined(separator: ", ")
        Terminal.output(
            Language.text(
                zh: "\(report.path)：\(ModelHome.size(report.bytes))，\(report.parameters) 个参数（\(types)）",
                en: "\(report.path): \(ModelHome.size(report.bytes)), \(report.parameters) parameters (\(types))"))
        Terminal.output("SHA-256 \(report.sha256)")
    }
}
