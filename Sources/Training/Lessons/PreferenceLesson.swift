import Corpus
import Foundation
import Kernels

/// Preferences of pairs (DPO) or of single answers (KTO).
final class PreferenceLesson: Lesson {
    private let groups: ExampleGroups
    private let configuration: RunConfiguration
    private let folder: RunFolder
    private let objective: any PreferenceObjective
    private let heldOut: [GroupBatch]
    private let heldOutMismatches: [GroupBatch]
    /// Nats of each document before the first step.
    private var reference: [Double] = []
    /// What the numbers above depend on besides parameters.
    private let key: String

    private static let beta = 0.1
    /// Of pairs whose chosen answer is the longer one: more than this is told.
    private static let longerShareMax = 0.75
    private static let pairsMin = 20

    init(_ context: LessonContext) throws(TrainingError) {
        configuration = context.configuration
        folder = context.folder
        groups = try ExampleGroups(
            shard: context.data.sources[0].shard, heldOutShare: configuration.heldOutShare, path: folder.examplesPath)
        objective = Self.objective(configuration, groups)
        key = "\(context.data.manifest.hash) \(configuration.base?.sha256 ?? "") \(configuration.precision.rawValue)"
        heldOut = Self.pack(groups.heldOut.map(Self.judged(groups)), groups, configuration)
        heldOutMismatches = Self.pack(groups.heldOut.map(Self.mismatched(groups)), groups, configuration)
    }

    private static func objective(
        _ configuration: RunConfiguration, _ groups: ExampleGroups
    ) -> any PreferenceObjective {
        let settings = configuration.objective ?? ObjectiveSettings()
        let beta = settings.beta ?? Self.beta
        guard configuration.stage == .kto else {
            return DirectPreference(
                beta: beta, smoothing: settings.labelSmoothing ?? 0, imitation: settings.imitation ?? 0)
        }
        // Of whichever there is less each counts for more, so that both sides weigh the same.
        let good = Double(groups.training.count { groups.shard.label(groups.groups[$0].lowerBound) == .good })
        let bad = Double(groups.training.count) - good
        return ProspectPreference(
            beta: beta, goodWeight: settings.goodWeight ?? max(1, good > 0 ? bad / good : 1),
            badWeight: settings.badWeight ?? max(1, bad > 0 ? good / bad : 1))
    }

    private static func judged(_ groups: ExampleGroups) -> (Int) -> [Int] {
        { groups.groups[$0].filter { groups.shard.label($0) != .mismatched } }
    }

    private static func mismatched(_ groups: ExampleGroups) -> (Int) -> [Int] {
        { groups.groups[$0].filter { groups.shard.label($0) == .mismatched } }
    }

    private static func pack(
        _ documents: [[Int]], _ groups: ExampleGroups, _ configuration: RunConfiguration
    ) -> [GroupBatch] {
        GroupBatch.pack(
            documents, of: groups.shard, rows: configuration.microRows, sequence: configuration.sequence)
    }

    var heldOutCount: Int { groups.heldOut.count }

    // MARK: Before the first step

    func prepare(
        _ network: Network, unless stop: StopRequest, progress: (PreparationProgress) -> Void
    ) throws(TrainingError) {
        let count = groups.shard.documentCount
        if let known = try ReferenceLosses(folder: folder.path, key: key, count: count) {
            reference = known.nats
            return
        }
        var nats = [Double](repeating: 0, count: count)
        let start = network.initialParameters(seed: configuration.seed)
        let batches = Self.pack((0..<count).map { [$0] }, groups, configuration)
        network.withParameters(start) {
            for (index, batch) in batches.enumerated() where !stop.isStopping {
                let sums = batch.sums(network.losses(batch.batch, unless: stop))
                for (part, sum) in zip(batch.parts, sums) { nats[part.document] = sum }
                progress(PreparationProgress(done: index + 1, total: batches.count))
            }
        }
        if stop.isStopping { return }
        try ReferenceLosses(key: key, nats: nats).write(to: folder.path)
        reference = nats
    }

    // MARK: Steps

    func learn(_ step: LessonStep, _ cursor: inout DataCursor) -> LessonResult? {
        tellOfLengths(step)
        let count = configuration.objective?.groupsPerStep ?? 1
        let chosen = groups.next(count, &cursor.sources[0], seed: configuration.seed)
        let batches = Self.pack(chosen.map(Self.judged(groups)), groups, configuration)
        let mismatches = Self.pack(chosen.map(Self.mismatched(groups)), groups, configuration)
        var (loss, targets, means) = (0.0, 0, Means())
        guard let drift = drift(mismatches, step, &means) else { return nil }
        for (index, batch) in batches.enumerated() where index % step.reduction.ranks == step.reduction.rank {
            let noise = Hashing.mix(configuration.seed, UInt64(step.step), UInt64(index))
            _ = step.network.forwardBackward(batch.batch, noise: noise, unless: step.stop) { losses in
                let judged = judge(batch, losses, drift: drift, &means)
                loss += judged.loss
                return batch.spread(judged.slopes.map { $0 / Double(count) })
            }
            if step.stop.isStopping { return nil }
            targets += batch.batch.targetCount
        }
        cursor.targets += targets
        return LessonResult(loss: loss / Double(count), targets: targets, measures: means.all)
    }

    /// The mean log-ratio of answers to other questions, 0 where there are none; nil when a stop came.
    private func drift(_ batches: [GroupBatch], _ step: LessonStep, _ means: inout Means) -> Double? {
        var logRatios = Means()
        for batch in batches {
            let sums = batch.sums(step.network.losses(batch.batch, unless: step.stop))
            if step.stop.isStopping { return nil }
            for (part, nats) in zip(batch.parts, sums) { logRatios.add("kl", reference[part.document] - nats) }
        }
        guard let mean = logRatios["kl"] else { return 0 }
        means.add("kl", mean)
        return max(0, mean)
    }

    private func judge(
        _ batch: GroupBatch, _ losses: [Float], drift: Double, _ means: inout Means
    ) -> (loss: Double, slopes: [Double]) {
        let sums = batch.sums(losses)
        var (total, slopes): (Double, [Double]) = (0, [])
        var first = 0
        // Parts of a group stand side by side.
        while first < batch.parts.count {
            let group = groups.groups.partitioningGroup(of: batch.parts[first].document)
            let end = batch.parts[first...].firstIndex { !group.contains($0.document) } ?? batch.parts.count
            let answers = (first..<end).map { index in
                let part = batch.parts[index]
                return ScoredAnswer(
                    label: groups.shard.label(part.document) ?? .mismatched, policy: sums[index],
                    reference: reference[part.document], targets: batch.targets(part))
            }
            let judged = objective.loss(answers, drift: drift, &means)
            total += judged.loss
            slopes += judged.slopes
            first = end
        }
        return (total, slopes)
    }

    /// Where the better answer nearly always is the longer one, length is what is learnt (Park et al., 2024).
    private func tellOfLengths(_ step: LessonStep) {
        guard configuration.stage == .dpo, groups.training.count >= Self.pairsMin else { return }
        let longer = groups.training.count { index in
            let pair = groups.groups[index]
            return groups.shard.document(pair.lowerBound).tokens > groups.shard.document(pair.upperBound - 1).tokens
        }
        for (share, zh, en) in [
            (longer, "长", "longer"), (groups.training.count - longer, "短", "shorter"),
        ] where Double(share) > Self.longerShareMax * Double(groups.training.count) {
            let percent = share * 100 / groups.training.count
            step.notice(
                RunEvent.Notice(
                    kind: "length", step: step.step,
                    text: "\(percent)% 的偏好对里较好的回答更\(zh)，学到的可能只是长度 In \(percent)% of the pairs "
                        + "the better answer is the \(en) one: what is learnt may be length."))
        }
    }

    // MARK: What is held out

    func validate(_ step: LessonStep) -> RunEvent.Validation? {
        var (tally, bytes, means, loss) = (LanguageLosses(), [TextLanguage: Int](), Means(), 0.0)
        guard !heldOut.isEmpty, let drift = drift(heldOutMismatches, step, &means) else { return nil }
        for batch in heldOut {
            let losses = step.network.losses(batch.batch, unless: step.stop)
            if step.stop.isStopping { return nil }
            loss += judge(batch, losses, drift: drift, &means).loss
            for part in batch.parts {
                let (label, document) = (groups.shard.label(part.document), groups.shard.document(part.document))
                guard label == .chosen || label == .good else { continue }
                tally.add(losses[part.positions], batch.batch.targets[part.positions], document.language)
                bytes[document.language, default: 0] += document.scoredBytes
            }
        }
        var validation = tally.validation(step: step.step, bytes: bytes)
        validation.measures = means.all
        validation.measures["preference_loss"] = loss / Double(groups.heldOut.count)
        return validation
    }
}

extension [Range<Int>] {
    /// The range, of rising ones without gaps, that a number lies in.
    fileprivate func partitioningGroup(of number: Int) -> Range<Int> {
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if self[middle].lowerBound <= number { low = middle } else { high = middle - 1 }
        }
        return self[low]
    }
}
