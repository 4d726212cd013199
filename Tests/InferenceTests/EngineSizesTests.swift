import Inference
import Testing

@Suite struct EngineSizesTests {
    private func sizes(_ change: (inout EngineOptions) -> Void = { _ in }) throws -> EngineSizes {
        var options = EngineOptions()
        change(&options)
        return try EngineSizes(options, trainedContextTokens: 32_768, vocabularySize: 151_936)
    }

    @Test func defaultsFollowTheModel() throws {
        let sizes = try sizes()
        #expect(sizes.contextTokens == 8192 && sizes.cacheTokens == 16_384)
        // 32 MiB of rows of 151,936 floats.
        #expect(sizes.scoreRowsMax == 55 && sizes.logitRowsMax == 71 && sizes.stepTokensMax == 528)
        #expect(try self.sizes { $0.contextTokens = 30_000 }.cacheTokens == 30_000)
        #expect(try self.sizes { $0.scoreBytesMax = 0 }.scoreRowsMax == 1)
    }

    @Test(
        arguments: [
            { $0.contextTokens = 0 }, { $0.contextTokens = .max }, { $0.cacheTokens = 100 }, { $0.cacheTokens = .max },
            { $0.sequencesMax = 0 }, { $0.queueMax = -1 }, { $0.prefillChunkTokens = 0 }, { $0.queueSecondsMax = .nan },
            { $0.tokenGapSecondsMax = -1 }, { $0.scoreBytesMax = -1 }, { $0.niceness = -5 },
        ] as [@Sendable (inout EngineOptions) -> Void])
    func oddOptionsAreRefused(change: @Sendable (inout EngineOptions) -> Void) {
        #expect(throws: EngineError.self) { try sizes(change) }
    }

    @Test func errorsSayWhatToDo() {
        #expect("\(EngineError.overloaded(retryAfterSeconds: 3))".contains("3 s"))
        let long = "\(EngineError.promptTooLong(tokens: 9000, limit: 8191))"
        #expect(long.contains("9000") && long.contains("8191"))
    }
}
