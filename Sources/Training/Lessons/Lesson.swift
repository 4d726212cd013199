import Kernels

/// What a stage's steps learn: where batches come from, and what their losses mean. The trainer does the rest: guards,
/// optimiser, log, checkpoints.
package protocol Lesson: AnyObject {
    /// Documents, or groups of them, that are never trained on.
    var heldOutCount: Int { get }

    /// What is computed once, before the first step of a run that begins or goes on. What it keeps in the run's folder
    /// it takes from there the next time.
    ///
    /// - Parameter stop: heard within a second; what was computed is worth nothing then.
    func prepare(
        _ network: Network, unless stop: StopRequest, progress: (PreparationProgress) -> Void
    ) throws(TrainingError)

    /// Adds one step's gradients to `network.gradients`, which are zero before, and moves the cursor.
    ///
    /// A function of parameters, cursor, step and seed: a run that goes on computes the same bits.
    ///
    /// - Returns: nil when a request to stop came; cursor and gradients are worth nothing then.
    func learn(_ step: LessonStep, _ cursor: inout DataCursor) throws(TrainingError) -> LessonResult?

    /// On what is held out.
    ///
    /// - Returns: nil when there is nothing, or a request to stop came.
    func validate(_ step: LessonStep) throws(TrainingError) -> RunEvent.Validation?
}

extension Lesson {
    package func prepare(
        _ network: Network, unless stop: StopRequest, progress: (PreparationProgress) -> Void
    ) throws(TrainingError) {}
}

/// What a lesson is given for a step.
package struct LessonStep {
    package let network: Network
    /// Steps done before.
    package let step: Int
    package let seed: UInt64
    package let stop: StopRequest
    package let reduction: any GradientReduction
    /// Tells what a user should know, once a kind and run.
    package let notice: (RunEvent.Notice) -> Void
}

/// What a step came to.
package struct LessonResult: Equatable, Sendable {
    /// Nats a target, or what else the stage makes smaller.
    package var loss: Double
    /// Positions that taught something.
    package var targets: Int
    /// By the log's names: "accuracy", "margin", "reward", "reward_variance", "kl", "length" and others.
    package var measures: [String: Double] = [:]
    /// Parts that had nothing to learn and were left out.
    package var emptyMicroBatches = 0

    package init(loss: Double, targets: Int, measures: [String: Double] = [:], emptyMicroBatches: Int = 0) {
        self.loss = loss
        self.targets = targets
        self.measures = measures
        self.emptyMicroBatches = emptyMicroBatches
    }
}

package struct PreparationProgress: Equatable, Sendable {
    package var done: Int
    package var total: Int

    package init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}
