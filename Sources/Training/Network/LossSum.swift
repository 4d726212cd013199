/// The cross-entropy of a batch: the sum over the positions that have a target, in nats.
package struct LossSum: Sendable, Equatable {
    package var sum: Double
    package var targets: Int

    package init(sum: Double = 0, targets: Int = 0) {
        self.sum = sum
        self.targets = targets
    }

    /// Nats a target; NaN when there is none.
    package var mean: Double { sum / Double(targets) }

    package static func += (left: inout LossSum, right: LossSum) {
        left.sum += right.sum
        left.targets += right.targets
    }
}
