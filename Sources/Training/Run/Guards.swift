/// Judges each step before the optimiser takes it. A pure value: the same steps give the same verdicts.
///
///     switch guards.judge(loss: loss, gradientNorm: norm, targets: targets) {
///     case .train: …
///     case .skip(let reason): …           // the weights stay as they are, the data goes on
///     case .rollBack(let reason): …       // load the last good checkpoint, then `guards.rolledBack()`
///     case .giveUp(let reason): …
///     }
package struct Guards: Codable, Equatable, Sendable {
    package enum Verdict: Equatable, Sendable {
        case train
        case skip(Reason)
        case rollBack(Reason)
        case giveUp(Reason)
    }

    package enum Reason: Equatable, Sendable, CustomStringConvertible {
        case noTarget
        case notFinite(what: String)
        case outlier(what: String, value: Double, deviations: Double)

        package var description: String {
            switch self {
            case .noTarget: "nothing in it has a target"
            case .notFinite(let what): "the \(what) is not finite"
            case .outlier(let what, let value, let deviations):
                "the \(what) is \(Text.number(value)), \(Text.number(deviations)) standard deviations above its mean"
            }
        }
    }

    package let settings: GuardSettings
    private(set) var losses: Window
    private(set) var norms: Window
    /// Steps skipped since the last one that was trained.
    package private(set) var skipsInARow = 0
    /// Times that the run went back without having trained for long between.
    private var rollbacksInARow = 0
    private var trainedSinceRollback = 0
    /// Of the whole run.
    package private(set) var skippedSteps = 0
    package private(set) var skippedMicroBatches = 0
    package private(set) var rollbacks = 0

    package init(settings: GuardSettings = GuardSettings()) {
        self.settings = settings
        losses = Window(capacity: settings.window)
        norms = Window(capacity: settings.window)
    }

    /// Counts a part of a step that has nothing to learn: it is left out, since its mean loss would be 0 / 0.
    package mutating func passOverMicroBatch() { skippedMicroBatches += 1 }

    /// - Parameters:
    ///   - loss: nats a target.
    ///   - gradientNorm: before clipping.
    ///   - targets: of all parts of the step.
    package mutating func judge(loss: Double, gradientNorm: Double, targets: Int) -> Verdict {
        guard let reason = flaw(loss, gradientNorm, targets) else {
            losses.add(loss)
            norms.add(gradientNorm)
            skipsInARow = 0
            trainedSinceRollback += 1
            if trainedSinceRollback >= settings.windowMin { rollbacksInARow = 0 }
            return .train
        }
        skippedSteps += 1
        // A step without a target says nothing about the weights.
        guard reason != .noTarget else { return .skip(reason) }
        skipsInARow += 1
        guard skipsInARow >= settings.skipsMax else { return .skip(reason) }
        return rollbacksInARow >= settings.rollbacksMax ? .giveUp(reason) : .rollBack(reason)
    }

    /// The weights are those of an earlier checkpoint again. What was remembered belongs to the weights that are gone;
    /// counts of the run go on.
    package mutating func rolledBack() {
        losses = Window(capacity: settings.window)
        norms = Window(capacity: settings.window)
        skipsInARow = 0
        rollbacksInARow += 1
        trainedSinceRollback = 0
        rollbacks += 1
    }

    private func flaw(_ loss: Double, _ norm: Double, _ targets: Int) -> Reason? {
        if targets == 0 { return .noTarget }
        for (what, value, window) in [("loss", loss, losses), ("gradient's norm", norm, norms)] {
            guard value.isFinite else { return .notFinite(what: what) }
            guard settings.deviationsMax > 0, window.count >= settings.windowMin else { continue }
            let deviations = window.deviations(of: value)
            if deviations > settings.deviationsMax {
                return .outlier(what: what, value: value, deviations: deviations)
            }
        }
        return nil
    }
}
