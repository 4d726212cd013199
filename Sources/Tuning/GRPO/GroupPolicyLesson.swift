import Foundation
import Instructions
import JSON
import Kernels
import Tokens
import Training

/// Group relative policy optimisation (Shao et al., 2024): the model answers each task several times, a program judges
/// the answers, and those that are better than their group's mean become likelier.
///
///     1. the next tasks of the epoch's order
///     2. answers, by the serving engine with the trainer's weights       RolloutEngine
///     3. what they are worth                                             Reward
///     4. how much better than their group                                AnswerGroup
///     5. the gradient of the objective                                   PolicyObjective
///
/// A step's answers are a function of parameters, cursor and seed: a run that is killed between sampling and its update
/// samples the same answers again.
package final class GroupPolicyLesson: Lesson {
    private let settings: PolicySettings
    private let configuration: RunConfiguration
    private let folder: RunFolder
    private let tasks: [TaskFile.Task]
    private let prompts: [[Int32]]
    private let training: [Int]
    private let heldOut: [Int]
    private let tokenizer: Tokenizer
    private let engine: RolloutEngine
    private var watch = RewardWatch()
    /// The parameters that the run began with.
    private var start: FloatBuffer?

    /// What the base brings besides weights.
    package struct Text {
        let tokenizer: Tokenizer
        let endTokens: Set<Int32>

        /// - Parameter endTokens: tokens at which serving ends an answer.
        package init(tokenizer: Tokenizer, endTokens: Set<Int32>) {
            (self.tokenizer, self.endTokens) = (tokenizer, endTokens)
        }
    }

    /// - Throws: `TrainingError.changed` when the run's tasks are not those it began with; `.lesson` for tasks that
    ///   cannot be judged here.
    package init(_ context: LessonContext, _ text: Text) throws(TrainingError) {
        configuration = context.configuration
        folder = context.folder
        settings = PolicySettings(configuration.objective ?? ObjectiveSettings())
        let bytes = try folder.tasks(hash: configuration.objective?.tasksHash ?? "")
        do { tasks = try TaskFile(bytes: bytes).tasks } catch { throw .lesson(reason: "\(error)") }
        let source = context.data.sources[0]
        prompts = (0..<source.shard.documentCount).map { index in
            let document = source.shard.document(index)
            return (document.offset..<document.offset + document.tokens).map { source.shard.token(at: $0) }
        }
        guard prompts.count == tasks.count else {
            throw .damaged(file: folder.examplesPath, expected: "\(tasks.count) prompts", actual: "\(prompts.count)")
        }
        training = source.training.map(Int.init)
        heldOut = source.heldOut.prefix(settings.validationTasksMax).map(Int.init)
        tokenizer = text.tokenizer
        engine = try RolloutEngine(
            context.network, base: configuration.base, stopTokens: text.endTokens,
            contextTokens: configuration.sequence + 1, on: context.pool)
    }

    package var heldOutCount: Int { heldOut.count }

    package func prepare(
        _ network: Network, unless stop: StopRequest, progress: (PreparationProgress) -> Void
    ) throws(TrainingError) {
        start = network.initialParameters(seed: configuration.seed)
        watch = RewardWatch(log: try folder.log())
    }

    // MARK: A step

    package func learn(_ step: LessonStep, _ cursor: inout DataCursor) throws(TrainingError) -> LessonResult? {
        guard let groups = try answered(next(&cursor), step) else { return nil }
        // Whatever becomes of this step, the next one has other parameters.
        defer { engine.parametersChanged() }
        var tally = PolicyTally(groups)
        let teaching = groups.filter { settings.beta > 0 || !$0.isDegenerate }
        let answers = teaching.flatMap { group in
            zip(group.answers, group.advantages(standardized: settings.standardizes)).map { answer, advantage in
                LearntAnswer(prompt: group.prompt, answer: answer, advantage: advantage)
            }
        }
        let batches = AnswerBatch.pack(
            answers.enumerated().map { .init(answer: $0, prompt: $1.prompt, tokens: $1.answer.tokens) },
            rows: configuration.microRows, sequence: configuration.sequence)
        let tokens = answers.reduce(0) { $0 + $1.answer.tokens.count }
        for (index, batch) in batches.enumerated() where index % step.reduction.ranks == step.reduction.rank {
            // Without a price it is only looked at, and a part of the answers will do.
            let start = settings.beta > 0 || index == 0 ? startLosses(batch, step) : nil
            let noise = Hashing.mix(step.seed, UInt64(step.step), UInt64(index))
            _ = step.network.forwardBackward(batch.batch, noise: noise, unless: step.stop) { losses in
                weights(batch, answers, losses, start, tokens: tokens, &tally)
            }
            if step.stop.isStopping { return nil }
        }
        cursor.targets += tokens
        let measures = tally.measures
        watch.add(step: step.step + 1, measures)
        tell(step)
        return LessonResult(loss: tally.loss(tokens: tokens), targets: tokens, measures: measures)
    }

    private func next(_ cursor: inout DataCursor) -> [(task: Int, seed: UInt64)] {
        (0..<settings.tasksPerStep).map { _ in
            let place = cursor.sources[0]
            let order = Permutation(
                count: training.count, key: Hashing.mix(configuration.seed, UInt64(place.epoch)))
            cursor.sources[0].position += 1
            if cursor.sources[0].position == training.count {
                cursor.sources[0].position = 0
                cursor.sources[0].epoch += 1
            }
            let seed = Hashing.mix(configuration.seed, UInt64(place.epoch), UInt64(place.position))
            return (training[order[place.position]], seed)
        }
    }

    /// Nil when a request to stop came.
    private func answered(
        _ chosen: [(task: Int, seed: UInt64)], _ step: LessonStep
    ) throws(TrainingError) -> [AnswerGroup]? {
        let requests = chosen.flatMap { task, seed in
            (0..<settings.answersPerTask).map { number in
                RolloutRequest(
                    prompt: prompts[task], tokensMax: settings.answerTokensMax,
                    temperature: Float(settings.temperature), seed: Hashing.mix(seed, UInt64(number)))
            }
        }
        let owners = chosen.flatMap { Array(repeating: $0.task, count: settings.answersPerTask) }
        guard let judged = try judgedAnswers(requests, owners, step.stop) else { return nil }
        return chosen.indices.map { index in
            let range = index * settings.answersPerTask..<(index + 1) * settings.answersPerTask
            return AnswerGroup(
                prompt: prompts[chosen[index].task], answers: Array(judged.answers[range]),
                rewards: judged.rewards[range].map { $0 ?? 0 }, unjudged: judged.rewards[range].count { $0 == nil })
        }
    }

    private func judgedAnswers(
        _ requests: [RolloutRequest], _ owners: [Int], _ stop: StopRequest
    ) throws(TrainingError) -> (answers: [Rollout], rewards: [Double?])? {
        do {
            guard let answers = try engine.answers(to: requests, unless: stop) else { return nil }
            let judge = Judge(threads: configuration.threads)
            let rewards = try judge.values(answers.count, unless: stop) {
                [tasks, tokenizer] index throws(TuningError) in
                let task = tasks[owners[index]]
                let text = tokenizer.decode(answers[index].text)
                return try task.reward.value(of: JudgedAnswer(prompt: task.prompt, text: text))
            }
            return rewards.map { (answers, $0) }
        } catch {
            throw .lesson(reason: "\(error)")
        }
    }

    /// Nats by the parameters that the run began with.
    private func startLosses(_ batch: AnswerBatch, _ step: LessonStep) -> [Float]? {
        start.map { start in
            step.network.withParameters(start) { step.network.losses(batch.batch, unless: step.stop) }
        }
    }

    private func weights(
        _ batch: AnswerBatch, _ answers: [LearntAnswer], _ losses: [Float], _ start: [Float]?, tokens: Int,
        _ tally: inout PolicyTally
    ) -> [Float] {
        let objective = PolicyObjective(beta: settings.beta)
        var weights = [Float](repeating: 0, count: losses.count)
        if start != nil { tally.addCompared(answers: batch.parts.count) }
        for part in batch.parts {
            let answer = answers[part.answer]
            for (place, position) in part.positions.enumerated() {
                // Another temperature is another distribution, whose ratio says nothing about the weights.
                let sampled = -Double(answer.answer.logProbabilities[place])
                let token = PolicyObjective.Token(
                    nats: Double(losses[position]), sampledNats: settings.temperature == 1 ? sampled : nil,
                    startNats: start.map { Double($0[position]) }, advantage: answer.advantage)
                weights[position] = Float(objective.weight(token) / Double(tokens))
                tally.add(token, sampledNats: sampled, objective)
            }
        }
        return weights
    }

    private func tell(_ step: LessonStep) {
        for finding in watch.findings {
            step.notice(RunEvent.Notice(kind: finding.kind, step: step.step + 1, text: finding.text))
        }
    }

    // MARK: What is held out

    /// The best answer to each task that is held out, token by token, and how many of them get all that there is.
    package func validate(_ step: LessonStep) throws(TrainingError) -> RunEvent.Validation? {
        guard !heldOut.isEmpty else { return nil }
        let requests = heldOut.map { task in
            RolloutRequest(prompt: prompts[task], tokensMax: settings.answerTokensMax, temperature: 0, seed: 0)
        }
        guard let judged = try judgedAnswers(requests, heldOut, step.stop) else { return nil }
        let count = Double(heldOut.count)
        let right = zip(heldOut, judged.rewards).count { task, reward in
            reward.map { $0 >= tasks[task].reward.best - Self.rounding } ?? false
        }
        let reward: Double = judged.rewards.reduce(0) { $0 + ($1 ?? 0) }
        let length = judged.answers.reduce(0) { $0 + $1.tokens.count }
        let truncated = judged.answers.count(where: \.isTruncated)
        var validation = RunEvent.Validation(step: step.step, bitsPerByte: [:], loss: [:], seconds: 0)
        validation.measures = [
            "accuracy": Double(right) / count,
            "reward": reward / count,
            "length": Double(length) / count,
            "truncated": Double(truncated) / count,
        ]
        watch.add(validation: validation.measures, step: step.step, tasks: heldOut.count)
        tell(step)
        return validation
    }

    /// Sums of weighted rewards are right up to it.
    private static let rounding = 1e-9
}

/// An answer and how much better it is than the others of its group.
private struct LearntAnswer {
    var prompt: [Int32]
    var answer: Rollout
    var advantage: Double
}
