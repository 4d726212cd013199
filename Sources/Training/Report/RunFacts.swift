import Foundation
import JSON
import Reports

/// The numbers of a report.
struct RunFacts {
    let run: RunFolder
    let history: RunHistory
    private let configuration: RunConfiguration
    private let data: DataManifest
    private let manifest: CheckpointManifest?
    private let prices: RunReport.Prices

    init(_ run: RunFolder, _ prices: RunReport.Prices) throws(TrainingError) {
        self.run = run
        self.prices = prices
        configuration = try run.configuration()
        data = try run.data()
        history = RunHistory(try run.log())
        let checkpoints = run.checkpoints
        manifest = (checkpoints.latest ?? checkpoints.steps.first).flatMap { checkpoints.manifest($0) }
    }

    private var last: JSONObject? { history.steps.last }
    private var step: Int { last?["step"]?.int ?? 0 }
    private var tokens: Int { last?["tokens"]?.int ?? 0 }
    private var seconds: Double { last?["seconds"]?.double ?? 0 }
    private var parameters: Int { history.begun?["parameters"]?.int ?? 0 }
    private var operations: Double {
        TrainingWork(configuration.model.configuration, sequence: configuration.sequence).flopsPerToken * Double(tokens)
    }
    private var kilowattHours: Double? { prices.watts.map { $0 * seconds / 3.6e6 } }
    private var money: Double? {
        let energy = kilowattHours.flatMap { hours in prices.pricePerKilowattHour.map { $0 * hours } }
        let time = prices.pricePerHour.map { $0 * seconds / 3600 }
        return energy == nil && time == nil ? nil : (energy ?? 0) + (time ?? 0)
    }
    private var finalBits: JSONObject { history.validations.last?["bits_per_byte"]?.object ?? JSONObject() }

    // MARK: For people

    var sections: [RunReport.Section] { [result, cost, learnt, model, lineage] }

    private typealias Row = RunReport.Section.Row

    private func row(_ name: String, _ value: String?) -> [Row] { value.map { [Row(name: name, value: $0)] } ?? [] }

    private var lineage: RunReport.Section {
        let hashes = manifest?.hashes
        let rows =
            row("日期 Date", dates) + row("检查点 Checkpoint", manifest.map { "step \($0.step)" })
            + row("权重 Weights, SHA-256", manifest?.files[Checkpoint.weightsName]?.sha256)
            + row("配置 Configuration, SHA-256", hashes?.configuration)
            + row("分词器 Tokenizer, SHA-256", hashes?.tokenizer ?? data.tokenizer)
            + row("模板 Template, SHA-256", hashes.flatMap { $0.template.isEmpty ? nil : $0.template })
            + row("数据 Data, SHA-256", hashes?.data ?? data.hash)
            + row("种子 Seed", "\(configuration.seed)") + row("程序 Program", history.begun?["version"]?.string)
        return .init(title: "来历 Lineage", rows: rows)
    }

    /// From the first line of the log to the last, in UTC.
    private var dates: String? {
        guard let (first, last) = history.times else { return nil }
        let days = [first, last].map { Date(timeIntervalSince1970: $0).formatted(.iso8601.year().month().day()) }
        return days[0] == days[1] ? days[0] : "\(days[0]) … \(days[1])"
    }

    private var model: RunReport.Section {
        let shape = configuration.model
        return .init(
            title: "模型 Model",
            rows: row("参数 Parameters", parameters > 0 ? LinePlot.label(Double(parameters)) : nil)
                + row("形状 Shape", "\(shape.layers) layers × \(shape.dim), feed-forward \(shape.feedForwardDim)")
                + row("注意力 Heads", "\(shape.heads) queries, \(shape.kvHeads) keys, each of \(shape.headDim)")
                + row("词表 Vocabulary", "\(shape.vocabularySize)") + row("上下文 Context", "\(shape.contextTokens)")
                + row("精度 Precision", configuration.precision.rawValue)
                + row("优化器 Optimizer", configuration.optimizer.kind.rawValue)
                + row(
                    "学习率 Learning rate",
                    "\(LinePlot.label(configuration.schedule.peak)), \(configuration.schedule.kind.rawValue)")
                + row("批 Batch", "\(configuration.batchTokens) tokens, rows of \(configuration.sequence)"))
    }

    private var learnt: RunReport.Section {
        .init(
            title: "数据 Data",
            rows: data.sources.flatMap { source in
                row(
                    source.path,
                    "\(source.documents) documents, \(LinePlot.label(Double(source.tokens))) tokens, weight "
                        + "\(LinePlot.label(source.weight)), SHA-256 \(source.sha256)")
            }
                + row(
                    "读过 Passes over it",
                    data.tokens > 0 ? LinePlot.label(Double(tokens) / Double(data.tokens)) : nil))
    }

    private var cost: RunReport.Section {
        .init(
            title: "代价 Cost",
            rows: row("步 Steps", "\(step) of \(configuration.steps)\(history.isFinished ? "" : ", not finished")")
                + row("词元 Tokens", LinePlot.label(Double(tokens)))
                + row("每参数词元 Tokens a parameter", tokensPerParameter.map { LinePlot.label($0) })
                + row("训练时间 Time of training", Quantity.duration(seconds))
                + row("词元/秒 Tokens/s", seconds > 0 ? LinePlot.label(Double(tokens) / seconds) : nil)
                + row("运算 Operations", String(format: "%.3g FLOP", operations))
                + row("线程 Threads", history.begun?["threads"]?.int.map { "\($0)" })
                + row(
                    "电 Energy",
                    kilowattHours.map { "\(LinePlot.label($0)) kWh at \(LinePlot.label(prices.watts ?? 0)) W" })
                + row("费用 Money", money.map { "\(LinePlot.label($0)) \(prices.currency)" }))
    }

    private var result: RunReport.Section {
        .init(
            title: "结果 Result",
            rows: row("损失 Last loss, nats a token", last?["loss"]?.double.map { LinePlot.label($0) })
                + finalBits.flatMap { name, value in
                    row("每字节比特 Bits per byte, \(name)", value.double.map { LinePlot.label($0) })
                })
    }

    private var tokensPerParameter: Double? { parameters > 0 ? Double(tokens) / Double(parameters) : nil }

    /// What went wrong, and what must not be expected.
    var failures: [String] {
        var list: [String] = []
        func add(_ count: Int, _ text: String) { if count > 0 { list.append("\(count) \(text)") } }
        list += history.notices
        add(history.count("skip"), "步被跳过 steps were skipped")
        add(history.count("rollback"), "次回退 roll-backs")
        add(history.count("save_failed"), "次保存失败 checkpoints could not be saved")
        add(history.count("rejected"), "个检查点损坏 checkpoints were damaged")
        if !history.isFinished { list.append("训练尚未完成 The run has not come to its end.") }
        if history.validations.isEmpty { list.append("没有验证 Nothing was validated on held-out text.") }
        if let ratio = tokensPerParameter, ratio < 20 {
            list.append(
                "每参数只有 \(LinePlot.label(ratio)) 个词元，少于约 20 "
                    + "Fewer than the 20 tokens a parameter that use computing best (Hoffmann et al. 2022).")
        }
        let loops = history.lastSamples.filter { Self.repeats($0["text"]?.string ?? "") }.count
        add(loops, "个样本在重复 of the last samples repeat themselves")
        if parameters > 0, parameters < 100_000_000 {
            list.append(
                "这样小的模型学到文体，学不到事实与推理 "
                    + "A model of this size learns the manner of its text, not facts or reasoning.")
        }
        return list
    }

    /// Whether fewer than half of a text's runs of four characters are different.
    static func repeats(_ text: String) -> Bool {
        let characters = Array(text)
        guard characters.count >= 24 else { return false }
        let runs = (0...characters.count - 4).map { String(characters[$0..<$0 + 4]) }
        return Set(runs).count * 2 < runs.count
    }

    // MARK: For programs

    var json: JSONValue {
        func object(_ section: RunReport.Section) -> JSONValue {
            .object(JSONObject(section.rows.map { (key: $0.name, value: .string($0.value)) }))
        }
        func points(_ points: [LinePlot.Point]) -> JSONValue {
            let step = max(1, points.count / 1000)
            return .array(
                stride(from: 0, to: points.count, by: step).map { [.double(points[$0].x), .double(points[$0].y)] })
        }
        let curves = ["loss", "learning_rate", "gradient_norm", "tokens_per_second"].map {
            (key: $0, value: points(history.curve($0)))
        }
        return [
            "format": "danlu-report-1", "run": .string(run.name), "step": .int(step), "tokens": .int(tokens),
            "parameters": .int(parameters), "seconds": .double(seconds), "operations": .double(operations),
            "kilowatt_hours": kilowattHours.map { .double($0) } ?? .null,
            "cost": money.map { .double($0) } ?? .null, "finished": .bool(history.isFinished),
            "weights_sha256": manifest?.files[Checkpoint.weightsName].map { .string($0.sha256) } ?? .null,
            "lineage": object(lineage), "model": object(model), "data": object(learnt),
            "bits_per_byte": .object(finalBits), "curves": .object(JSONObject(curves)),
            "validations": .array(history.validations.map { .object($0) }),
            "samples": .array(history.lastSamples.map { .object($0) }),
            "events": .array(history.events.map { .object($0) }), "failures": .array(failures.map { .string($0) }),
        ]
    }
}
