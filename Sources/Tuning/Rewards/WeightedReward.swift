/// Several rewards of one answer, each with its weight: Σ weight * value.
struct WeightedReward: Reward {
    let parts: [(weight: Double, reward: any Reward)]

    var best: Double { parts.reduce(0) { $0 + max(0, $1.weight * $1.reward.best) } }

    /// Nil as soon as one of them is: half a judgement would teach something else.
    func value(of answer: JudgedAnswer) throws(TuningError) -> Double? {
        var sum = 0.0
        for part in parts {
            guard let value = try part.reward.value(of: answer) else { return nil }
            sum += part.weight * value
        }
        return sum
    }
}
