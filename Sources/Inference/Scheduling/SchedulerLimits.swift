/// The scheduler's bounds, out of `EngineOptions`.
package struct SchedulerLimits: Sendable, Equatable {
    /// Pages of the cache.
    package var pages: Int
    package var sequencesMax: Int
    package var queueMax: Int
    package var queueSecondsMax: Double
    /// Prompt tokens of one step.
    package var prefillTokensMax: Int
    package var tokenGapSecondsMax: Double
    /// Rows of prompt scores of one step.
    package var scoreRowsMax: Int
    /// Proposals of one step, of all sequences together.
    package var proposalsMax: Int

    package init(
        pages: Int, sequencesMax: Int = 16, queueMax: Int = 64, queueSecondsMax: Double = 120,
        prefillTokensMax: Int = 512, tokenGapSecondsMax: Double = 0.4, scoreRowsMax: Int = 64,
        proposalsMax: Int = 32
    ) {
        self.pages = pages
        self.sequencesMax = sequencesMax
        self.queueMax = queueMax
        self.queueSecondsMax = queueSecondsMax
        self.prefillTokensMax = prefillTokensMax
        self.tokenGapSecondsMax = tokenGapSecondsMax
        self.scoreRowsMax = scoreRowsMax
        self.proposalsMax = proposalsMax
    }
}
