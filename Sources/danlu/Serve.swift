import ArgumentParser
import Assistant
import Foundation
import Logging
import Server

/// `danlu serve`: the chat page and the OpenAI-compatible API.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: Language.text(zh: "网页聊天与 OpenAI 兼容接口。", en: "The chat page and the OpenAI-compatible API."),
        discussion: Language.text(
            zh: """
                例：
                  danlu serve --port 8080
                  danlu keys create laptop && danlu serve --host 0.0.0.0    本机以外的地址需要密钥
                  danlu serve --model qwen.gguf --adapter pirate=pirate-lora   请求时用 "model": "pirate"
                """,
            en: """
                Examples:
                  danlu serve --port 8080
                  danlu keys create laptop && danlu serve --host 0.0.0.0    beyond loopback, keys are needed
                  danlu serve --model qwen.gguf --adapter pirate=pirate-lora   ask for it with "model": "pirate"
                """))

    @OptionGroup var options: ModelOptions
    @Option(
        help: .init(
            Language.text(
                zh: "该模型的 LoRA 适配器；用名称即可请求，可重复。",
                en: "A LoRA adapter of the model, asked for by its name; repeat for more."), valueName: "name=path"))
    var adapter: [NamedAdapter] = []
    @Option(
        help: .init(
            Language.text(
                zh: "客户端可从此文件夹加载适配器。", en: "A folder from which clients may load adapters."),
            valueName: "folder"))
    var adaptersFolder: String?
    @Option(
        help: .init(
            Language.text(
                zh: "训练语料的索引（danlu index-corpus）：网页上可查每个回答的出处。",
                en: "An index of the training text (danlu index-corpus): the page shows where answers come from."),
            valueName: "folder"))
    var traceIndex: String?
    @OptionGroup var speculation: SpeculationFlags
    @Option(help: .init(Language.text(zh: "监听地址；非本机地址需要密钥。", en: "Address to bind; beyond loopback keys are needed.")))
    var host = "127.0.0.1"
    @Option(help: .init(Language.text(zh: "端口。", en: "Port."))) var port = 8080
    @Option(
        help: .init(Language.text(zh: "允许的跨域来源，可重复。", en: "An origin whose pages may call the API; repeat for more.")))
    var allowOrigin: [String] = []
    @Option(help: .init(Language.text(zh: "等待队列长度。", en: "Requests that may wait."))) var queueMax = 64
    @Option(help: .init(Language.text(zh: "每个请求的秒数上限。", en: "Seconds that a request may take.")))
    var requestSecondsMax = 600.0
    @Option(help: .init(Language.text(zh: "请求体字节上限。", en: "Bytes that a request may have."))) var requestBytesMax =
        10 << 20
    @Option(help: .init(Language.text(zh: "停机时等待回答完成的秒数。", en: "Seconds that running answers get at shutdown.")))
    var drainSecondsMax = 30
    @Option(help: "trace|debug|info|notice|warning|error") var logLevel = "notice"

    func validate() throws {
        if !(0...65535).contains(port) { throw ValidationError("--port: 0…65535") }
        if queueMax < 1 { throw ValidationError("--queue-max: ≥ 1") }
        if !(requestSecondsMax > 0) { throw ValidationError("--request-seconds-max: > 0") }
        if requestBytesMax < 1024 { throw ValidationError("--request-bytes-max: ≥ 1024") }
        if drainSecondsMax < 0 { throw ValidationError("--drain-seconds-max: ≥ 0") }
        if Logger.Level(rawValue: logLevel) == nil { throw ValidationError("--log-level: trace…critical") }
    }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var logger = Logger(label: "danlu")
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        var assistantOptions = options.assistantOptions
        assistantOptions.queueMax = queueMax
        try speculation.apply(to: &assistantOptions)
        let named = options.model ?? adapter.first.flatMap { AdapterOptions.base(of: $0.path) }
        let shelf = try LocalModels.shelf(first: named, assistantOptions)
        var server = ServerOptions()
        server.host = host
        server.port = port
        server.allowedOrigins = Set(allowOrigin)
        server.version = danluVersion
        server.adaptersFolder = adaptersFolder
        server.traceIndex = traceIndex
        server.runsFolder = RunsHome.folder
        server.limits.requestSecondsMax = requestSecondsMax
        server.limits.requestBytesMax = requestBytesMax
        server.limits.drainSecondsMax = drainSecondsMax
        let running = try await DanluServer(shelf: shelf, store: Home.store(), options: server, logger: logger)
        Terminal.note(Language.text(zh: "正在载入模型 \(shelf.defaultName) …", en: "Loading \(shelf.defaultName) …"))
        _ = try await shelf.assistant()
        for adapter in adapter { _ = try await shelf.loadAdapter(name: adapter.name, path: adapter.path) }
        let (host, name) = (server.host, shelf.defaultName)
        try await running.run { port in
            let shown = host.contains(":") ? "[\(host)]" : host
            Terminal.note(
                Language.text(
                    zh: "丹炉已就绪：http://\(shown):\(port)/  （模型 \(name)，Ctrl-C 停止）",
                    en: "Danlu is ready: http://\(shown):\(port)/  (model \(name), Ctrl-C stops it)"))
        }
    }
}
