/// What came of one task.
package struct TaskResult: Codable, Sendable, Equatable {
    /// The score of a subject or language.
    package struct Group: Codable, Sendable, Equatable {
        package var name: String
        package var score: Score
    }

    package let name: String
    package let metric: Metric
    /// Of the questions as they were asked.
    package let hash: String
    package let shots: Int
    /// Nil where only a judge can say.
    package let score: Score?
    /// With each choice's probability taken per character: `acc_norm` of lm-evaluation-harness.
    package let normalised: Score?
    package let groups: [Group]
    package let items: [ItemResult]
    /// From the first question to the last answer; answers that were kept from before take none.
    package let seconds: Double

    package init(_ task: EvaluationTask, _ items: [ItemResult], seed: UInt64, seconds: Double) {
        name = task.name
        metric = task.metric
        hash = task.hash
        shots = task.shots
        self.items = items
        self.seconds = seconds
        let chances = Dictionary(
            task.items.map { ($0.group, [$0.chance ?? 0]) }, uniquingKeysWith: { $0 + $1 }
        ).mapValues { $0.reduce(0, +) / Double($0.count) }
        let chance = task.chance
        score = Self.score(items, task.metric, chance, seed)
        normalised = Self.normalised(items, chance)
        let names = Set(items.map(\.group))
        groups =
            names.count < 2
            ? []
            : names.sorted().compactMap { name in
                Self.score(items.filter { $0.group == name }, task.metric, chance == nil ? nil : chances[name], seed)
                    .map { Group(name: name, score: $0) }
            }
    }

    private static func score(_ items: [ItemResult], _ metric: Metric, _ chance: Double?, _ seed: UInt64) -> Score? {
        let scores = items.compactMap(\.score)
        guard scores.count == items.count, !items.isEmpty else { return nil }
        if metric.isProportion { return Score(right: scores.count { $0 > 0.5 }, of: scores.count, chance: chance) }
        return Score(ratioOf: scores, to: items.map(\.weight), seed: seed)
    }

    private static func normalised(_ items: [ItemResult], _ chance: Double?) -> Score? {
        let scores = items.compactMap(\.normalised)
        // Where all choices are equally long, as letters are, it says nothing of its own.
        guard scores.count == items.count, !items.isEmpty, scores != items.compactMap(\.score) else { return nil }
        return Score(right: scores.count { $0 > 0.5 }, of: scores.count, chance: chance)
    }

    /// Items that could not be asked, or whose answers failed otherwise than by being wrong.
    package var faults: Int { items.count { $0.fault != nil } }
    package var cuts: Int { items.count(where: \.isCut) }
}
