import Evaluation
import Foundation

/// What is said while a model is judged, and after.
enum EvalDisplay {
    /// Asks a task's questions under a line that tells the rate and the time left.
    static func run(_ task: EvaluationTask, _ runner: Runner, seed: UInt64) async throws -> TaskResult {
        var line = ProgressLine()
        defer { line.clear() }
        let began = ContinuousClock.now
        return try await runner.run(task, seed: seed) { progress in
            guard line.isDue else { return }
            let known = progress.done - progress.asked
            let rate = Double(progress.done) / max(1e-3, began.duration(to: .now) / .seconds(1))
            var parts = [
                "\(progress.task) \(progress.done)/\(progress.items)",
                String(format: Language.text(zh: "每秒 %.1f 题", en: "%.1f/s"), rate),
            ]
            if known > 0 { parts.append(Language.text(zh: "\(known) 题已有回答", en: "\(known) known")) }
            line.show(parts, share: Double(progress.done) / Double(max(1, progress.items)))
        }
    }

    static func sample(
        _ runner: Runner
    ) async throws -> ([EvaluationResult.Sample], EvaluationResult.Refusals) {
        var line = ProgressLine()
        defer { line.clear() }
        func show(_ done: Int) {
            guard line.isDue else { return }
            let name = Language.text(zh: "样本", en: "samples")
            line.show(["\(name) \(done)/\(Sampler.count)"], share: Double(done) / Double(Sampler.count))
        }
        let sampler = Sampler(runner)
        let samples = try await sampler.samples(progress: show)
        return (samples, try await sampler.refusals(progress: show))
    }

    static func show(_ result: EvaluationResult) {
        for task in result.tasks {
            line(task.name, task, task.score)
            if let score = task.normalised { line("\(task.name) acc_norm", task, score) }
            guard task.groups.count <= groupsShownMax else { continue }
            for group in task.groups { line("  \(group.name)", task, group.score) }
        }
    }

    private static let groupsShownMax = 4

    private static func line(_ name: String, _ task: TaskResult, _ score: Score?) {
        let name = name.padding(toLength: max(24, name.count), withPad: " ", startingAt: 0)
        guard let score else {
            return Terminal.output("\(name)  \(task.items.count) · \(Language.text(zh: "由裁判比较", en: "for a judge"))")
        }
        var parts = [
            String(format: "%.3f  [%.3f, %.3f]", score.value, score.low, score.high), task.metric.rawValue,
            "n=\(score.items)",
        ]
        if let centred = score.centred, let chance = score.chance {
            parts.append(
                String(format: Language.text(zh: "猜测 %.3f，以其为零 %.3f", en: "chance %.3f, centred %.3f"), chance, centred)
            )
        }
        if let verdict = score.verdict {
            parts.append(
                Language.text(
                    zh: verdict == .aboveChance ? "高于猜测" : "不高于猜测", en: verdict.rawValue))
        }
        Terminal.output("\(name)  \(parts.joined(separator: " · "))")
    }

    static func show(_ comparison: Comparison) {
        Terminal.output("\(comparison.before) → \(comparison.after)")
        for task in comparison.tasks {
            let name = task.name.padding(toLength: max(24, task.name.count), withPad: " ", startingAt: 0)
            var parts: [String] = []
            if let difference = task.difference, let low = task.low, let high = task.high {
                parts.append(String(format: "%+.3f  [%+.3f, %+.3f]", difference, low, high))
            }
            if let adjusted = task.adjusted { parts.append(String(format: "p=%.2g", adjusted)) }
            if let judgement = task.judgement {
                parts.append("+\(judgement.wins) =\(judgement.ties) -\(judgement.losses)")
                if judgement.isLedByPlace {
                    parts.append(
                        Language.text(
                            zh: "裁判在 \(judgement.items) 题中有 \(judgement.byPlace) 题只看位置，换个更强的裁判",
                            en: "by place alone in \(judgement.byPlace) of \(judgement.items): take a better judge")
                    )
                }
            }
            parts.append(
                Language.text(zh: verdict(task.verdict), en: task.verdict.rawValue))
            Terminal.output("\(name)  \(parts.joined(separator: " · "))")
        }
    }

    private static func verdict(_ verdict: Comparison.Verdict) -> String {
        switch verdict {
        case .better: "更好"
        case .worse: "更差"
        case .cannotTell: "无法判断"
        case .differentQuestions: "题目不同"
        }
    }
}
