import Kernels

extension Network {
    /// As `forwardBackward(_:scale:)`, with a teacher: adds the gradients of
    /// (alpha T² divergence + (1 - alpha) loss, summed over targets) * scale.
    ///
    /// - Parameter teacher: a row for each target of the batch, in rising order.
    /// - Returns: the loss against the targets, and the divergence from the teacher in nats, summed.
    /// - Precondition: the network has a base.
    package func forwardBackward(
        _ batch: TrainingBatch, teacher: TrainingOperations.Teacher, scale: Float, noise: UInt64? = nil,
        unless stop: StopRequest? = nil
    ) -> (loss: LossSum, divergence: Double) {
        let targets = batch.targetCount
        precondition(taught != nil && teacher.rows == targets, "\(teacher.rows) rows for \(targets) targets")
        let pass = forward(batch, noise: noise, unless: stop)
        let loss = headForwardBackward(pass, batch.targets, .taught(teacher, scale: scale))
        let divergence = head.divergence(rows: targets)
        backward(pass, learns: loss.targets > 0)
        return (loss, divergence)
    }
}
