import JSON
import Testing
import Tuning

@Suite struct RewardWatchTests {
    private static func steps(_ count: Int, _ measures: (Int) -> [String: Double]) -> RewardWatch {
        var watch = RewardWatch()
        for step in 1...count { watch.add(step: step, measures(step)) }
        return watch
    }

    @Test func groupsThatTeachNothingAreNamed() {
        let watch = Self.steps(RewardWatch.window) { _ in ["degenerate_share": 0.9, "reward": 0.05] }
        #expect(watch.findings.map(\.kind) == ["degenerate"])
        #expect(Self.steps(RewardWatch.window - 1) { _ in ["degenerate_share": 1] }.findings.isEmpty)
        #expect(Self.steps(50) { $0 < 40 ? ["degenerate_share": 1] : ["degenerate_share": 0.1] }.findings.isEmpty)
    }

    @Test func cutAnswersAndFailingCommandsAreNamed() {
        let watch = Self.steps(20) { _ in ["truncated": 0.8, "unjudged": 0.2] }
        #expect(watch.findings.map(\.kind) == ["truncated", "unjudged"])
    }

    /// Answers grow and earn more: with accuracy that is learning, without it the reward is hacked.
    @Test(arguments: [(0.3, 0.9, false), (0.3, 0.31, true), (0.3, 0.1, true)])
    func rewardsEarnedByLengthAreNamed(before: Double, after: Double, isHacked: Bool) {
        var watch = Self.steps(60) { ["length": 20 + Double($0), "reward": Double($0) / 60] }
        #expect(watch.findings.isEmpty, "nothing to compare with")
        watch.add(validation: ["accuracy": before], step: 5, tasks: 200)
        watch.add(validation: ["accuracy": after], step: 60, tasks: 200)
        #expect(watch.findings.map(\.kind) == (isHacked ? ["length"] : []))
    }

    @Test func lengthThatPaysIsNamed() {
        let watch = Self.steps(12) { _ in ["length_correlation": 0.7] }
        #expect(watch.findings.map(\.kind) == ["length_correlation"])
    }

    /// After a kill the last steps are trained again: what the log says of them last counts.
    @Test func goesOnFromTheLog() {
        let log: [JSONObject] = (1...14).map {
            ["event": "step", "step": .int($0), "degenerate_share": .double($0 > 10 ? 1 : 0.8)]
        }
        let again: [JSONObject] = (11...14).map { ["event": "step", "step": .int($0), "degenerate_share": 0.8] }
        let other: [JSONObject] = [["event": "validation", "step": 12, "accuracy": 0.5], ["event": "begin", "step": 10]]
        let watch = RewardWatch(log: log + other + again)
        #expect(watch.findings.count == 1 && watch.findings[0].text.contains("80"))
    }
}
