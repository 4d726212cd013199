import Kernels

/// A model that scores answers, from pairs: -log σ(s(chosen) - s(rejected)) (Bradley and Terry, 1952; Ouyang et al.,
/// 2022).
final class RewardLesson: Lesson {
    private let groups: ExampleGroups
    private let configuration: RunConfiguration
    private let heldOut: [GroupBatch]

    /// Of held-out pairs, from which on a correlation says something.
    private static let pairsMin = 20

    init(_ context: LessonContext) throws(TrainingError) {
        configuration = context.configuration
        groups = try ExampleGroups(
            shard: context.data.sources[0].shard, heldOutShare: configuration.heldOutShare,
            path: context.folder.examplesPath)
        heldOut = Self.pack(groups.heldOut, groups, configuration)
    }

    private static func pack(
        _ chosen: [Int], _ groups: ExampleGroups, _ configuration: RunConfiguration
    ) -> [GroupBatch] {
        GroupBatch.pack(
            chosen.map { groups.groups[$0] }, of: groups.shard, rows: configuration.microRows,
            sequence: configuration.sequence)
    }

    var heldOutCount: Int { groups.heldOut.count }

    func learn(_ step: LessonStep, _ cursor: inout DataCursor) -> LessonResult? {
        let count = configuration.objective?.groupsPerStep ?? 1
        let chosen = groups.next(count, &cursor.sources[0], seed: configuration.seed)
        let batches = Self.pack(chosen, groups, configuration)
        var (loss, answers, pairs) = (0.0, 0, PairScores())
        for (index, batch) in batches.enumerated() where index % step.reduction.ranks == step.reduction.rank {
            let noise = Hashing.mix(configuration.seed, UInt64(step.step), UInt64(index))
            _ = step.network.forwardBackwardScores(batch.batch, at: Self.ends(batch), noise: noise, unless: step.stop) {
                let judged = judge(batch, $0, &pairs)
                loss += judged.loss
                return judged.slopes.map { Float($0 / Double(count)) }
            }
            if step.stop.isStopping { return nil }
            answers += batch.parts.count
        }
        cursor.targets += answers
        return LessonResult(loss: loss / Double(count), targets: answers, measures: pairs.measures)
    }

    func validate(_ step: LessonStep) -> RunEvent.Validation? {
        guard !heldOut.isEmpty else { return nil }
        var (loss, pairs) = (0.0, PairScores())
        for batch in heldOut {
            let scores = step.network.scores(batch.batch, at: Self.ends(batch), unless: step.stop)
            if step.stop.isStopping { return nil }
            loss += judge(batch, scores, &pairs).loss
        }
        tellOfLengths(pairs, step)
        var measures = pairs.measures
        (measures["accuracy_low"], measures["accuracy_high"]) = (pairs.interval.low, pairs.interval.high)
        measures["length_correlation"] = pairs.lengthCorrelation
        measures["preference_loss"] = loss / Double(groups.heldOut.count)
        return RunEvent.Validation(step: step.step, bitsPerByte: [:], loss: [:], seconds: 0, measures: measures)
    }

    /// Where each answer's score stands: at its last token.
    private static func ends(_ batch: GroupBatch) -> [Int] { batch.parts.map { $0.positions.upperBound - 1 } }

    /// The sum of losses, and its derivative by each score. Pairs stand side by side, the better answer first.
    private func judge(
        _ batch: GroupBatch, _ scores: [Float], _ pairs: inout PairScores
    ) -> (loss: Double, slopes: [Double]) {
        var (loss, slopes) = (0.0, [Double](repeating: 0, count: scores.count))
        for better in stride(from: 0, to: scores.count - 1, by: 2) {
            let (chosen, rejected) = (Double(scores[better]), Double(scores[better + 1]))
            let slope = sigmoid(rejected - chosen)
            loss += softplus(rejected - chosen)
            (slopes[better], slopes[better + 1]) = (-slope, slope)
            pairs.add(
                chosen: .init(score: chosen, tokens: batch.targets(batch.parts[better])),
                rejected: .init(score: rejected, tokens: batch.targets(batch.parts[better + 1])))
        }
        return (loss, slopes)
    }

    /// A score that is length by another name rewards whoever writes that length.
    private func tellOfLengths(_ pairs: PairScores, _ step: LessonStep) {
        guard pairs.count >= Self.pairsMin, pairs.followsLength else { return }
        let correlation = Text.number(pairs.lengthCorrelation)
        step.notice(
            RunEvent.Notice(
                kind: "length", step: step.step,
                text: "分数与长度的相关系数为 \(correlation)：用它训练的模型可能只学到长度 "
                    + "Scores follow length (correlation \(correlation)): what they train may learn length alone."
            ))
    }
}
