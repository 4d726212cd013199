import Foundation
import JSON
import Training

/// What people, or scripts, see of a training.
final class TrainingDisplay {
    private let json: Bool
    private var progress = ProgressLine()
    private var peak: Double?
    private var operationsPerToken = 0.0
    private var steps = 0
    private var preparing = ""
    private var tokenizing: String?
    /// Of the latest steps, whose means are shown.
    private var latest: [RunEvent.Step] = []
    private var firstStep = 0
    private var began = ContinuousClock.now
    private static let latestMax = 20
    private static let shownMeasures = ["accuracy", "margin", "reward", "kl"]

    init(json: Bool) { self.json = json }

    // MARK: Tokenising

    func show(_ progress: TokenizingProgress) {
        if tokenizing != progress.path {
            tokenizing = progress.path
            self.progress.restart()
        }
        guard self.progress.isDue else { return }
        let share = Double(progress.bytesRead) / Double(max(1, progress.bytesTotal))
        let tokens = Self.count(progress.tokens)
        self.progress.show(
            [
                Language.text(zh: "分词 \(progress.path)", en: "Tokenising \(progress.path)") + " \(Int(share * 100))%",
                Language.text(zh: "\(tokens) 词元", en: "\(tokens) tokens"),
                self.progress.rate(bytes: progress.textBytes),
            ], share: share)
    }

    // MARK: Training

    func begin(_ trainer: Trainer, peak: Double?) {
        self.peak = peak
        operationsPerToken = trainer.operationsPerToken
        steps = trainer.configuration.steps
        firstStep = trainer.step
        began = .now
        preparing =
            trainer.configuration.stage == .distill
            ? Language.text(zh: "老师的概率", en: "The teacher's probabilities")
            : Language.text(zh: "起点的概率", en: "The start's probabilities")
        progress.clear()
        let size = Self.count(trainer.parameterCount)
        let path = trainer.folder.path
        let batch = Self.count(trainer.configuration.batchTokens)
        Terminal.note(
            Language.text(
                zh: "\(path)：\(size) 参数 · 每步 \(batch) 词元 · 第 \(trainer.step)/\(steps) 步",
                en: "\(path): \(size) parameters · \(batch) tokens a step · step \(trainer.step) of \(steps)"))
        if trainer.heldOutDocuments == 0 {
            Terminal.note(
                Language.text(
                    zh: "没有可验证的文档：语料太小，或 --held-out 太小",
                    en: "nothing is held out to validate on: the text is too small, or --held-out is"))
        }
    }

    func end(_ trainer: Trainer, _ outcome: Trainer.Outcome) {
        progress.clear()
        let path = trainer.folder.path
        Terminal.note(
            outcome == .finished
                ? Language.text(zh: "训练完成：\(path)", en: "Trained: \(path)")
                : Language.text(
                    zh: "已保存在第 \(trainer.step) 步；继续：danlu train --resume \(path)",
                    en: "Saved at step \(trainer.step); go on with: danlu train --resume \(path)"))
    }

    func report(_ event: RunEvent) {
        switch event {
        case .preparing(let progress): show(progress)
        case .noticed(let notice): note(Language.text(zh: "注意：", en: "note: ") + notice.text)
        case .step(let step): show(step)
        case .validation(let validation): note(Self.text(validation))
        case .sample(_, let prompt, let text): note("  \(prompt)⟩\(text.replacing("\n", with: " ⏎ "))")
        case .skipped(let step, let reason, _, _):
            note(Language.text(zh: "第 \(step) 步跳过：\(reason)", en: "step \(step) is skipped: \(reason)"))
        case .rolledBack(let from, let to, let reason):
            note(
                Language.text(
                    zh: "警告：第 \(from) 步连续跳过（\(reason)），回到第 \(to) 步的检查点",
                    en: "warning: too many skips at step \(from) (\(reason)); back to the checkpoint of step \(to)"))
        case .saveFailed(let step, let reason):
            note(
                Language.text(
                    zh: "警告：第 \(step) 步未能保存：\(reason)；旧检查点仍在",
                    en: "warning: step \(step) could not be saved: \(reason); older checkpoints are kept"))
        case .rejected(let path, let reason):
            note(
                Language.text(
                    zh: "警告：检查点 \(path) 不可用：\(reason)；改用更早的",
                    en: "warning: the checkpoint \(path) is not used: \(reason); an older one is"))
        case .extended(let from, let steps):
            note(
                Language.text(
                    zh: "从第 \(from) 步继续，共 \(steps) 步", en: "going on from step \(from), \(steps) steps in all"))
        case .begun, .saved, .ended: break
        }
    }

    private func show(_ preparation: PreparationProgress) {
        guard !json, progress.isDue else { return }
        let share = Double(preparation.done) / Double(max(1, preparation.total))
        let seconds = began.duration(to: .now) / .seconds(1)
        progress.show(
            ["\(preparing) \(Int(share * 100))%"],
            secondsLeft: share > 0 ? seconds * (1 - share) / share : nil)
        if preparation.done == preparation.total { began = .now }
    }

    private func show(_ step: RunEvent.Step) {
        if json {
            var object = step.json
            object["event"] = nil
            Terminal.output(JSONValue.object(object).serialized())
        }
        latest = latest.suffix(Self.latestMax - 1) + [step]
        guard !json, progress.isDue || step.step == steps else { return }
        func mean(_ value: (RunEvent.Step) -> Double) -> Double {
            latest.reduce(0) { $0 + value($1) } / Double(latest.count)
        }
        let speed = mean(\.tokensPerSecond)
        let measures = Self.shownMeasures.filter { step.measures[$0] != nil }.map { name in
            "\(name) " + String(format: "%.3g", mean { $0.measures[name] ?? 0 })
        }
        var parts = [
            "\(step.step)/\(steps)", Language.text(zh: "损失 ", en: "loss ") + String(format: "%.3f", mean(\.loss)),
            Language.text(zh: "\(Self.count(Int(speed))) 词元/秒", en: "\(Self.count(Int(speed))) tokens/s"),
        ]
        parts += measures
        if let peak, peak > 0 {
            let share = Int((speed * operationsPerToken / peak * 100).rounded())
            parts.append(Language.text(zh: "峰值的 \(share)%", en: "\(share)% of peak"))
        }
        // Validations, samples and saving are in it.
        let perStep = began.duration(to: .now) / .seconds(1) / Double(max(1, step.step - firstStep))
        progress.show(parts, secondsLeft: perStep * Double(steps - step.step))
    }

    private static func text(_ validation: RunEvent.Validation) -> String {
        let parts = validation.bitsPerByte.sorted { $0.key < $1.key }.map { name, bits in
            "\(name) \(String(format: "%.4f", bits))"
        }
        let measures = shownMeasures.compactMap { name in
            validation.measures[name].map { "\(name) \(String(format: "%.3g", $0))" }
        }
        return Language.text(
            zh: "第 \(validation.step) 步验证，比特/字节：", en: "step \(validation.step), bits per byte: ")
            + (parts + measures).joined(separator: " · ")
    }

    // MARK: Lines

    private func note(_ text: String) {
        progress.clear()
        Terminal.note(text)
    }

    static func count(_ value: Int) -> String { Quantity.text(Double(value)) }
}
