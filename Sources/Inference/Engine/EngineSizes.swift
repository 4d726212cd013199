import Kernels

/// The options with everything left open filled in, and checked.
package struct EngineSizes: Sendable, Equatable {
    package let contextTokens: Int
    package let cacheTokens: Int
    package let stepTokensMax: Int
    package let scoreRowsMax: Int
    package let logitRowsMax: Int
    package let draftCacheTokens: Int
    package let draftStepTokensMax: Int

    private static let contextTokensMax = 1 << 24
    private static let cacheTokensMax = 1 << 30

    /// - Throws: `EngineError.cannotStart` with the option and its range.
    package init(_ options: EngineOptions, trainedContextTokens: Int, vocabularySize: Int) throws(EngineError) {
        contextTokens = options.contextTokens ?? min(trainedContextTokens, EngineOptions.contextTokensDefaultMax)
        cacheTokens = options.cacheTokens ?? max(contextTokens, EngineOptions.cacheTokensDefault)
        try Self.check("contextTokens", contextTokens, 1...Self.contextTokensMax)
        try Self.check("cacheTokens", cacheTokens, contextTokens...Self.cacheTokensMax)
        try Self.check("sequencesMax", options.sequencesMax, 1...1024)
        try Self.check("queueMax", options.queueMax, 0...1_000_000)
        try Self.check("prefillChunkTokens", options.prefillChunkTokens, 1...65_536)
        try Self.check("queueSecondsMax", options.queueSecondsMax, 0...Double.infinity)
        try Self.check("tokenGapSecondsMax", options.tokenGapSecondsMax, 0...Double.infinity)
        try Self.check("scoreBytesMax", options.scoreBytesMax, 0...(1 << 40))
        try Self.check("niceness", options.niceness, 0...19)
        let speculation = options.speculation
        draftCacheTokens = speculation.draftCacheTokens ?? contextTokens
        try Self.check("draftCacheTokens", draftCacheTokens, 1...Self.cacheTokensMax)
        try Self.check("stepProposalsMax", speculation.stepProposalsMax, 1...1024)
        try Self.check("sequenceProposalsMax", speculation.sequenceProposalsMax, 1...1024)
        try Self.check("draftTokensMax", speculation.draftTokensMax, 1...1024)
        try Self.check("draftPromptTokensMax", speculation.draftPromptTokensMax, 1...65_536)
        try Self.check("lookupTokensMax", speculation.lookupTokensMax, 16...(1 << 24))
        draftStepTokensMax = max(
            speculation.draftPromptTokensMax, speculation.stepProposalsMax * Speculator.unreadMax)
        stepTokensMax = max(options.prefillChunkTokens, speculation.stepProposalsMax) + options.sequencesMax
        scoreRowsMax = max(1, min(options.prefillChunkTokens, options.scoreBytesMax / (4 * vocabularySize)))
        logitRowsMax = options.sequencesMax + max(scoreRowsMax, speculation.stepProposalsMax)
    }

    private static func check<T>(_ option: String, _ value: T, _ range: ClosedRange<T>) throws(EngineError) {
        guard range.contains(value) else {
            throw .cannotStart("\(option) is \(value), outside \(range.lowerBound)...\(range.upperBound)")
        }
    }

    package func limits(_ options: EngineOptions) -> SchedulerLimits {
        SchedulerLimits(
            pages: ScheduledSequence.pages(cacheTokens), sequencesMax: options.sequencesMax,
            queueMax: options.queueMax, queueSecondsMax: options.queueSecondsMax,
            prefillTokensMax: options.prefillChunkTokens, tokenGapSecondsMax: options.tokenGapSecondsMax,
            scoreRowsMax: scoreRowsMax, proposalsMax: options.speculation.stepProposalsMax)
    }
}
