import ArgumentParser
import Foundation
import Logging
import Server

/// `danlu runs --web`: the page of training runs alone, without a model.
struct RunsPage: ParsableArguments {
    @Flag(help: .init(Language.text(zh: "在网页上查看，不加载模型。", en: "Serve the page of runs, without a model.")))
    var web = false
    @Option(help: .init(Language.text(zh: "监听地址；非本机地址需要密钥。", en: "Address to bind; beyond loopback keys are needed.")))
    var host = "127.0.0.1"
    @Option(help: .init(Language.text(zh: "端口。", en: "Port."))) var port = 8090
    @Option(
        help: .init(Language.text(zh: "存放训练的文件夹。", en: "A folder of runs."), valueName: "folder"))
    var runsFolder: String?

    func check() throws {
        if !(0...65535).contains(port) { throw ValidationError("--port: 0…65535") }
    }

    func serve() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var logger = Logger(label: "danlu")
        logger.logLevel = .notice
        var options = ServerOptions()
        options.host = host
        options.port = port
        options.version = danluVersion
        options.runsFolder = runsFolder ?? RunsHome.folder
        let server = try await RunsServer(store: Home.store(), options: options, logger: logger)
        let shown = host.contains(":") ? "[\(host)]" : host
        try await server.run { port in
            Terminal.note(
                Language.text(
                    zh: "训练页面：http://\(shown):\(port)/  （Ctrl-C 停止）",
                    en: "Training runs: http://\(shown):\(port)/  (Ctrl-C stops it)"))
        }
    }
}
