import JSON

/// Looks for what goes wrong when answers are learnt from their rewards: groups that teach nothing, answers that are
/// cut or cannot be judged, and rewards that are earned by length. A pure value: what it says follows from the log.
package struct RewardWatch {
    package struct Finding: Equatable {
        /// "degenerate", "truncated", "unjudged", "length" or "length_correlation".
        package var kind: String
        package var text: String
    }

    private var steps: [(step: Int, measures: [String: Double])] = []
    private var accuracies: [(step: Int, share: Double, tasks: Int)] = []

    /// Steps that a mean is taken of.
    package static let window = 10
    /// Above such a share of groups or answers something is said.
    static let shareMax = 0.5
    static let unjudgedMax = 0.1
    /// Answers that have become longer by half.
    static let growthMax = 1.5
    static let correlationMax = 0.5
    /// An accuracy has grown when it did by more than so many standard errors.
    private static let deviations = 2.0

    package init() {}

    /// What was seen before the run went on. Lines of steps that were trained again stand twice: the last one counts.
    package init(log: [JSONObject]) {
        for line in log {
            guard let step = line["step"]?.int else { continue }
            let measures = Dictionary(
                line.compactMap { key, value in value.double.map { (key, $0) } }, uniquingKeysWith: { $1 })
            switch line["event"]?.string {
            case "step": add(step: step, measures)
            case "validation": add(validation: measures, step: step, tasks: 0)
            default: break
            }
        }
    }

    package mutating func add(step: Int, _ measures: [String: Double]) {
        while let last = steps.last, last.step >= step { steps.removeLast() }
        steps.append((step, measures))
    }

    /// - Parameter tasks: held out; 0 where that is not known.
    package mutating func add(validation measures: [String: Double], step: Int, tasks: Int) {
        guard let share = measures["accuracy"] else { return }
        while let last = accuracies.last, last.step >= step { accuracies.removeLast() }
        accuracies.append((step, share, tasks))
    }

    /// What there is to say now.
    package var findings: [Finding] {
        guard steps.count >= Self.window else { return [] }
        return [degenerate, truncated, unjudged, length, correlation].compactMap { $0 }
    }

    private func mean(_ name: String, of chosen: some Collection<(step: Int, measures: [String: Double])>) -> Double {
        chosen.reduce(0) { $0 + ($1.measures[name] ?? 0) } / Double(max(1, chosen.count))
    }

    private func recent(_ name: String) -> Double { mean(name, of: steps.suffix(Self.window)) }

    private static func percent(_ share: Double) -> Int { Int((share * 100).rounded()) }

    private var degenerate: Finding? {
        let share = recent("degenerate_share")
        guard share > Self.shareMax else { return nil }
        let hint =
            recent("reward") > 0
            ? ("题目太易或太难", "the tasks are too easy or too hard for the model") : ("没有一个回答得分", "no answer earns anything")
        return Finding(
            kind: "degenerate",
            text: "\(Self.percent(share))% 的组内奖励全都相同，学不到东西：\(hint.0) In \(Self.percent(share)) % of the groups all "
                + "rewards are the same, which teaches nothing: \(hint.1)")
    }

    private var truncated: Finding? {
        let share = recent("truncated")
        guard share > Self.shareMax else { return nil }
        return Finding(
            kind: "truncated",
            text: "\(Self.percent(share))% 的回答被截断；请增大 --max-tokens \(Self.percent(share)) % of the answers are cut; "
                + "raise --max-tokens")
    }

    private var unjudged: Finding? {
        let share = recent("unjudged")
        guard share > Self.unjudgedMax else { return nil }
        return Finding(
            kind: "unjudged",
            text: "\(Self.percent(share))% 的回答无法评判，按 0 分计：评判命令失败 "
                + "\(Self.percent(share)) % of the answers could not be judged and count 0: the command fails")
    }

    /// Answers have become longer and earn more, and what is held out is not answered better.
    private var length: Finding? {
        guard steps.count >= 2 * Self.window, let first = accuracies.first, let last = accuracies.last,
            last.step > first.step
        else { return nil }
        let before = mean("length", of: steps.prefix(Self.window))
        let growth = recent("length") / max(1, before)
        let tasks = Double(max(1, max(first.tasks, last.tasks)))
        let error = ((first.share * (1 - first.share) + last.share * (1 - last.share)) / tasks).squareRoot()
        guard growth >= Self.growthMax, recent("reward") > mean("reward", of: steps.prefix(Self.window)),
            last.share <= first.share + Self.deviations * error
        else { return nil }
        let times = "\((growth * 10).rounded() / 10)"
        return Finding(
            kind: "length",
            text: "回答变为原来的 \(times) 倍长，奖励升高，留出任务的正确率却没有：奖励可能是靠长度挣来的 Answers are \(times) times as long as "
                + "at first and earn more, while held-out accuracy has not risen: the reward may be hacked by length")
    }

    private var correlation: Finding? {
        let value = recent("length_correlation")
        guard value > Self.correlationMax else { return nil }
        let shown = "\((value * 100).rounded() / 100)"
        return Finding(
            kind: "length_correlation",
            text: "同一任务的回答越长奖励越高（相关系数 \(shown)）：请检查奖励是否只在奖励长度 The longer of two answers earns more "
                + "(correlation \(shown)): see whether the reward pays for length alone")
    }
}
