/// How long a step of so many answers takes: a line through the steps measured lately, the weights' share and each
/// answer's.
package struct StepTimes: Sendable, Equatable {
    private var answers = 0.0
    private var seconds = 0.0
    private var variance = 0.0
    private var covariance = 0.0
    private var slope: Double?
    private var isEmpty = true

    /// The weight of the newest measurement: about thirty steps count.
    private static let weight = 0.06
    /// Below this variance of the number of answers a slope would be noise; the last one known stays.
    private static let varianceMin = 0.2
    /// Before anything else is known, half of a step is the weights'.
    private static let shareOfAnswers = 0.5

    package init() {}

    package mutating func record(answers: Int, seconds: Double) {
        let count = Double(answers)
        guard !isEmpty else {
            (self.answers, self.seconds, isEmpty) = (count, seconds, false)
            return
        }
        let (more, longer) = (count - self.answers, seconds - self.seconds)
        self.answers += Self.weight * more
        self.seconds += Self.weight * longer
        variance = (1 - Self.weight) * (variance + Self.weight * more * more)
        covariance = (1 - Self.weight) * (covariance + Self.weight * more * longer)
        if variance >= Self.varianceMin { slope = covariance / variance }
    }

    /// nil before there was a step.
    package func seconds(answers count: Int) -> Double? {
        guard !isEmpty else { return nil }
        // Neither the weights nor an answer takes less than no time.
        let most = seconds / answers
        let slope = min(most, max(0, slope ?? most * Self.shareOfAnswers))
        return seconds + slope * (Double(count) - answers)
    }
}
