/// Two evaluations beside each other.
///
///     let comparison = try Comparison(before, after, seed: 1)
///     comparison.tasks[0].verdict        // .better
package struct Comparison: Codable, Sendable, Equatable {
    package enum Verdict: String, Codable, Sendable {
        case better
        case worse
        case cannotTell = "cannot tell"
        /// The two were not asked the same.
        case differentQuestions = "different questions"
    }

    package struct Task: Codable, Sendable, Equatable {
        package var name: String
        package var metric: Metric
        package var before: Score?
        package var after: Score?
        /// After less before.
        package var difference: Double?
        package var low: Double?
        package var high: Double?
        /// How probable so large a difference is between equals: McNemar's exact test for right and wrong, a paired
        /// bootstrap for bits, a sign test for a judge's choices.
        package var probability: Double?
        /// The same with all tasks of the comparison taken into account (Holm).
        package var adjusted: Double?
        package var verdict: Verdict
        package var judgement: Judgement?
    }

    package let before: String
    package let after: String
    package private(set) var tasks: [Task]

    /// A probability below this is taken for a difference.
    package static let probabilityMax = 0.05

    /// - Parameters:
    ///   - judgements: a judge's choices for tasks that need one, by the task's name.
    ///   - seed: of the bootstrap.
    package init(
        _ before: EvaluationResult, _ after: EvaluationResult, judgements: [String: Judgement] = [:], seed: UInt64 = 1
    ) {
        self.before = before.model.name
        self.after = after.model.name
        tasks = before.tasks.compactMap { first in
            guard let second = after.tasks.first(where: { $0.name == first.name }) else { return nil }
            return Self.compare(first, second, judgements[first.name], seed)
        }
        let tested = tasks.indices.filter { tasks[$0].probability != nil }
        let adjusted = PairedTest.holm(tested.compactMap { tasks[$0].probability })
        for (place, probability) in zip(tested, adjusted) {
            tasks[place].adjusted = probability
            let difference = tasks[place].difference ?? 0
            guard probability < Self.probabilityMax, difference != 0 else { continue }
            tasks[place].verdict = (difference > 0) != tasks[place].metric.lowerIsBetter ? .better : .worse
        }
    }

    private static func compare(
        _ first: TaskResult, _ second: TaskResult, _ judgement: Judgement?, _ seed: UInt64
    ) -> Task {
        var task = Task(
            name: first.name, metric: first.metric, before: first.score, after: second.score, verdict: .cannotTell)
        guard first.hash == second.hash, first.items.map(\.id) == second.items.map(\.id) else {
            task.verdict = .differentQuestions
            return task
        }
        if let judgement {
            task.judgement = judgement
            task.difference = judgement.winRate - 0.5
            (task.low, task.high) = (judgement.low - 0.5, judgement.high - 0.5)
            task.probability = PairedTest.mcNemar(onlyFirst: judgement.losses, onlySecond: judgement.wins)
            return task
        }
        let pairs = zip(first.items, second.items).compactMap { one, other -> (Double, Double, Double)? in
            guard let before = one.score, let after = other.score else { return nil }
            return (before, after, one.weight)
        }
        guard !pairs.isEmpty else { return task }
        let test = PairedTest.bootstrap(pairs.map(\.0), pairs.map(\.1), weights: pairs.map(\.2), seed: seed)
        task.difference = test.difference
        (task.low, task.high) = (test.interval.low, test.interval.high)
        task.probability =
            first.metric.isProportion
            ? PairedTest.mcNemar(
                onlyFirst: pairs.count { $0.0 > $0.1 }, onlySecond: pairs.count { $0.1 > $0.0 })
            : test.probability
        return task
    }
}
