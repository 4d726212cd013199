/// What a step of GRPO measures.
struct PolicyTally {
    private let groups: [AnswerGroup]
    private var loss = 0.0
    private var nats = 0.0
    private var tokens = 0
    private var mismatch = 0.0
    private var divergence = 0.0
    /// Answers whose tokens' start is known.
    private var compared = 0

    init(_ groups: [AnswerGroup]) { self.groups = groups }

    mutating func add(_ token: PolicyObjective.Token, sampledNats: Double, _ objective: PolicyObjective) {
        loss += objective.loss(token)
        nats += token.nats
        mismatch += abs(token.nats - sampledNats)
        tokens += 1
        divergence += objective.divergence(token)
    }

    mutating func addCompared(answers: Int) { compared += answers }

    func loss(tokens count: Int) -> Double { count > 0 ? loss / Double(count) : 0 }

    /// By the log's names; docs/tuning.md says what they are.
    var measures: [String: Double] {
        let answers = groups.flatMap(\.answers)
        let count = Double(answers.count)
        var measures = [
            "reward": groups.reduce(0) { $0 + $1.mean } / Double(groups.count),
            "reward_variance": groups.reduce(0) { $0 + $1.variance } / Double(groups.count),
            "degenerate_groups": Double(groups.count(where: \.isDegenerate)),
            "degenerate_share": Double(groups.count(where: \.isDegenerate)) / Double(groups.count),
            "length": Double(answers.reduce(0) { $0 + $1.tokens.count }) / count,
            "truncated": Double(answers.count(where: \.isTruncated)) / count,
            "unjudged": Double(groups.reduce(0) { $0 + $1.unjudged }) / count,
            "length_correlation": lengthCorrelation,
        ]
        if tokens > 0 {
            measures["entropy"] = nats / Double(tokens)
            measures["mismatch"] = mismatch / Double(tokens)
        }
        if compared > 0 { measures["kl"] = divergence / Double(compared) }
        return measures
    }

    /// Between length and reward within groups (Pearson's), 0 where neither varies.
    private var lengthCorrelation: Double {
        var (both, lengths, rewards) = (0.0, 0.0, 0.0)
        for group in groups {
            let mean = Double(group.answers.reduce(0) { $0 + $1.tokens.count }) / Double(group.answers.count)
            for (answer, reward) in zip(group.answers, group.rewards) {
                let (length, value) = (Double(answer.tokens.count) - mean, reward - group.mean)
                both += length * value
                lengths += length * length
                rewards += value * value
            }
        }
        return lengths > 0 && rewards > 0 ? both / (lengths * rewards).squareRoot() : 0
    }
}
