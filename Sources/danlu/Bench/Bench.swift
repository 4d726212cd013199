import ArgumentParser
import Assistant
import Foundation
import JSON

/// `danlu bench`: how fast a model computes here.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: Language.text(zh: "测量模型在本机的速度。", en: "Measure a model's speed on this machine."),
        discussion: Language.text(
            zh: """
                例：danlu bench --model smollm2-135m-instruct -p 512 -n 128 --threads 2 --repetitions 5 --json
                pp512：从空缓存读入 512 个词元；tg128：逐个生成 128 个词元。与 llama-bench 的测法相同。
                """,
            en: """
                Example: danlu bench --model smollm2-135m-instruct -p 512 -n 128 --threads 2 --repetitions 5 --json
                pp512: 512 tokens read into an empty cache; tg128: 128 tokens generated one by one. As llama-bench does.
                """))

    @OptionGroup var options: ModelOptions
    @Option(
        name: [.customShort("p"), .customLong("prompt")],
        help: .init(Language.text(zh: "读入的词元数；0 不测。", en: "Tokens read; 0 leaves it out.")))
    var promptTokens = 512
    @Option(
        name: [.customShort("n"), .customLong("generate")],
        help: .init(Language.text(zh: "生成的词元数；0 不测。", en: "Tokens generated; 0 leaves it out.")))
    var generatedTokens = 128
    @Option(name: .shortAndLong, help: .init(Language.text(zh: "重复次数。", en: "How often each test is repeated.")))
    var repetitions = 5
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func validate() throws {
        guard (0...65_536).contains(promptTokens) else { throw ValidationError("-p: 0…65536") }
        guard (0...65_536).contains(generatedTokens) else { throw ValidationError("-n: 0…65536") }
        guard promptTokens + generatedTokens > 0 else { throw ValidationError("-p, -n: 0, 0") }
        guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions: 1…1000") }
    }

    func run() throws {
        let model = try LoadedModel(options)
        let benchmark = try Benchmark(model, tokensMax: max(promptTokens, generatedTokens))
        var results: [BenchResult] = []
        if promptTokens > 0 {
            let (count, name) = (promptTokens, "pp\(promptTokens)")
            results.append(measure(name, tokens: count) { benchmark.readPrompt(tokens: count) })
        }
        if generatedTokens > 0 {
            let (count, name) = (generatedTokens, "tg\(generatedTokens)")
            results.append(measure(name, tokens: count) { benchmark.generate(tokens: count) })
        }
        if json { return Terminal.output(JSONValue.array(results.map(\.json)).serialized()) }
        Terminal.note("\(model.name) · \(model.transformer.quantization) · \(model.pool.threads) threads")
        for result in results { Terminal.output(result.line) }
    }

    /// One run to warm up, then the repetitions.
    private func measure(_ name: String, tokens: Int, _ run: () -> Void) -> BenchResult {
        run()
        let clock = ContinuousClock()
        let rates = (0..<repetitions).map { repetition in
            if !json, Terminal.errorIsTerminal {
                Terminal.note("\r\u{1b}[K\(name) \(repetition + 1)/\(repetitions)", terminator: "")
            }
            return Double(tokens) / (clock.measure(run) / .seconds(1))
        }
        if !json, Terminal.errorIsTerminal { Terminal.note("\r\u{1b}[K", terminator: "") }
        return BenchResult(test: name, rates: rates)
    }
}
