import ArgumentParser
import Assistant
import Foundation
import JSON
import Kernels

/// `danlu bench`: how fast a model computes here, and how near that is to what the machine can do.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: Language.text(zh: "测量模型在本机的速度。", en: "Measure a model's speed on this machine."),
        discussion: Language.text(
            zh: """
                例：danlu bench --model smollm2-135m-instruct -p 512,2048 -n 128 -d 0,4096 --sequences 1,8 --json
                pp512：读入 512 个词元；tg128：逐个生成 128 个词元；@ d4096：缓存中已有 4096 个词元；
                x8：八个序列同时生成，总速度。与 llama-bench、llama-batched-bench 的测法相同。
                最后一列是本机上限（内存带宽或算力，同时测得）以及达到的比例。
                """,
            en: """
                Example: danlu bench --model smollm2-135m-instruct -p 512,2048 -n 128 -d 0,4096 --sequences 1,8 --json
                pp512: 512 tokens read; tg128: 128 tokens generated one by one; @ d4096: with 4096 tokens in the cache;
                x8: eight sequences at once, all together. As llama-bench and llama-batched-bench do it.
                The last column is the machine's roof (memory's rate or arithmetic, measured too) and the share of it.
                """))

    @OptionGroup var options: ModelOptions
    @OptionGroup var adapters: AdapterOptions
    @Option(
        name: [.customShort("p"), .customLong("prompt")],
        help: .init(
            Language.text(zh: "读入的词元数；0 不测。", en: "Tokens read; 0 leaves it out."), valueName: "n,n,…"))
    var promptTokens = NumberList([512])
    @Option(
        name: [.customShort("n"), .customLong("generate")],
        help: .init(
            Language.text(zh: "生成的词元数；0 不测。", en: "Tokens generated; 0 leaves it out."), valueName: "n,n,…"))
    var generatedTokens = NumberList([128])
    @Option(
        name: [.customShort("d"), .customLong("depth")],
        help: .init(
            Language.text(zh: "测量前缓存中已有的词元数。", en: "Tokens that are in the cache before."), valueName: "n,n,…"))
    var depths = NumberList([0])
    @Option(
        help: .init(
            Language.text(zh: "同时生成的序列数。", en: "Sequences that generate at once."), valueName: "n,n,…"))
    var sequences = NumberList([1])
    @Option(
        help: .init(
            Language.text(zh: "多序列测试中每个序列先读入的词元数。", en: "Tokens that each of several sequences has read before.")))
    var batchPrompt = 128
    @Option(name: .shortAndLong, help: .init(Language.text(zh: "重复次数。", en: "How often each test is repeated.")))
    var repetitions = 5
    @Option(
        help: .init(
            Language.text(zh: "计算内核；默认为处理器支持的最快一种。", en: "Kernels to use; by default the processor's best."),
            valueName: Kernels.supported.compactMap(\.name).joined(separator: "|")))
    var kernels: String?
    @Flag(inversion: .prefixedNo, help: .init(Language.text(zh: "测量本机上限。", en: "Measure the machine's roof.")))
    var roof = true
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    /// Tokens of all sequences of a test at most.
    private static let tokensMax = 1 << 20

    func validate() throws {
        for (name, list, range) in [
            ("-p", promptTokens, 0...65_536), ("-n", generatedTokens, 0...65_536), ("-d", depths, 0...1_000_000),
            ("--sequences", sequences, 1...256),
        ] {
            guard list.values.allSatisfy(range.contains) else {
                throw ValidationError("\(name): \(range.lowerBound)…\(range.upperBound)")
            }
        }
        guard (1...65_536).contains(batchPrompt) else { throw ValidationError("--batch-prompt: 1…65536") }
        guard !tests.isEmpty else { throw ValidationError("-p, -n: 0, 0") }
        guard tests.allSatisfy({ $0.length * $0.sequences <= Self.tokensMax }) else {
            throw ValidationError("-p, -n, -d, --sequences: \(Self.tokensMax) tokens at most")
        }
        if let kernels, variant == nil {
            let names = Kernels.supported.compactMap(\.name).joined(separator: ", ")
            throw ValidationError("--kernels \(kernels): \(names)")
        }
        guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions: 1…1000") }
    }

    private var variant: Kernels.Variant? { Kernels.supported.first { $0.name == kernels } }

    private var tests: [BenchTest] {
        BenchTest.all(
            prompts: promptTokens.values, generated: generatedTokens.values, depths: depths.values,
            sequences: sequences.values, batchPrompt: batchPrompt)
    }

    func run() throws {
        if let variant { _ = Kernels.select(variant) }
        let model = try LoadedModel(options, adapters)
        let benchmark = try Benchmark(model, tests: tests, cacheType: options.cacheType)
        let machine = roof ? try Roof.measure(on: model.pool) : nil
        let limit = machine.map {
            BenchRoof(
                machine: $0, work: model.transformer.workload,
                kvBytesPerToken: model.transformer.kvBytesPerToken(options.cacheType))
        }
        var shown = [model.name, model.transformer.quantization, "\(model.pool.threads) threads", Kernels.variantName]
        if options.cacheType != .f16 { shown.append("cache \(options.cacheType.rawValue)") }
        if !json { Terminal.note(shown.joined(separator: " · ")) }
        if !json, let machine { Terminal.note(machine.line) }
        var results: [BenchResult] = []
        for test in tests {
            let result = BenchResult(
                test: test, rates: measure(test, benchmark), roof: limit?.tokensPerSecond(test))
            results.append(result)
            if !json { Terminal.output(result.line) }
        }
        if json { Terminal.output(report(model, machine, results).serialized()) }
    }

    private func report(_ model: LoadedModel, _ machine: Roof?, _ results: [BenchResult]) -> JSONValue {
        [
            "model": .string(model.name), "quantization": .string(model.transformer.quantization),
            "threads": .int(model.pool.threads), "kernels": .string(Kernels.variantName),
            "cache_type": .string(options.cacheType.rawValue),
            "roof": machine.map(\.json) ?? .null, "results": .array(results.map(\.json)),
        ]
    }

    /// One run to warm up, then the repetitions.
    private func measure(_ test: BenchTest, _ benchmark: Benchmark) -> [Double] {
        let showsProgress = !json && Terminal.errorIsTerminal
        if showsProgress { Terminal.note("\r\u{1b}[K\(test.name) …", terminator: "") }
        benchmark.prepare(test)
        benchmark.run(test)
        let clock = ContinuousClock()
        var rates: [Double] = []
        for repetition in 1...repetitions {
            let seconds = clock.measure { benchmark.run(test) } / .seconds(1)
            rates.append(Double(test.tokens * test.sequences) / seconds)
            guard showsProgress else { continue }
            let left = String(
                format: "%.1f t/s · %.0f s", rates[repetition - 1], seconds * Double(repetitions - repetition))
            Terminal.note("\r\u{1b}[K\(test.name) \(repetition)/\(repetitions) · \(left)", terminator: "")
        }
        if showsProgress { Terminal.note("\r\u{1b}[K", terminator: "") }
        return rates
    }
}

extension Roof {
    fileprivate var json: JSONValue {
        [
            "read_bytes_per_second": .double(readBytesPerSecond),
            "integer_operations_per_second": integerOperationsPerSecond.map { .double($0) } ?? .null,
            "float_operations_per_second": .double(floatOperationsPerSecond),
        ]
    }

    fileprivate var line: String {
        let integers = integerOperationsPerSecond.map { String(format: "int8 %.0f GOP/s · ", $0 / 1e9) } ?? ""
        return String(format: "%.1f GB/s · ", readBytesPerSecond / 1e9) + integers
            + String(format: "fp32 %.0f GFLOP/s", floatOperationsPerSecond / 1e9)
    }
}
