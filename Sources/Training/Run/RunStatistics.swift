/// What a run has come to so far.
package struct RunStatistics: Codable, Equatable, Sendable {
    /// Positions that were trained on: those with a target, of steps that were not skipped.
    package var tokens = 0
    /// Nats a token, the last hundred steps weighing most.
    package var averageLoss: Double?
    /// Of training alone; validation, samples and what was lost in crashes are left out.
    package var seconds = 0.0
    /// That training waited for checkpoints.
    package var savingSeconds = 0.0

    private static let averageShare = 0.02

    mutating func add(loss: Double, tokens: Int) {
        self.tokens += tokens
        averageLoss = averageLoss.map { $0 + (loss - $0) * Self.averageShare } ?? loss
    }
}
