import Kernels

/// The options with everything left open filled in, and checked.
package struct EngineSizes: Sendable, Equatable {
    package let contextTokens: Int
    package let cacheTokens: Int
    package let stepTokensMax: Int
    package let scoreRowsMax: Int
    package let logitRowsMax: Int

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
        stepTokensMax = options.prefillChunkTokens + options.sequencesMax
        scoreRowsMax = max(1, min(options.prefillChunkTokens, options.scoreBytesMax / (4 * vocabularySize)))
        logitRowsMax = options.sequencesMax + scoreRowsMax
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
            scoreRowsMax: scoreRowsMax)
    }
}
