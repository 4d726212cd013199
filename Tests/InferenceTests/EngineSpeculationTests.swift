import Foundation
import Inference
import Kernels
import Testing

/// The engine with proposals, on runners whose steps take simulated time: the same tokens as without.
@Suite struct EngineSpeculationTests {
    /// Engines over reciting models, one of which may have a draft model that errs now and then.
    private struct Speculating {
        let engine: Engine
        let runner: RecitingRunner

        init(
            textContext: Int = .max, draftMistakes: UInt64? = nil, contextTokens: Int = 256, cacheTokens: Int = 1024,
            poison: Int32? = nil, _ change: (inout EngineOptions) -> Void = { _ in }
        ) throws {
            var options = EngineOptions()
            options.contextTokens = contextTokens
            options.cacheTokens = cacheTokens
            options.niceness = 0
            // Simulated seconds are long.
            options.queueSecondsMax = .infinity
            change(&options)
            let sizes = try EngineSizes(options, trainedContextTokens: contextTokens, vocabularySize: 40)
            let clock = SimulatedClock()
            runner = RecitingRunner(
                pages: ScheduledSequence.pages(sizes.cacheTokens), poison: poison, contextTokens: textContext)
            let draft = draftMistakes.map { mistakes in
                TimedRunner(
                    RecitingRunner(
                        pages: ScheduledSequence.pages(sizes.draftCacheTokens), contextTokens: textContext,
                        mistakes: mistakes), clock, stepSeconds: 0.1, tokenSeconds: 0.001)
            }
            engine = Engine(
                TimedRunner(runner, clock, stepSeconds: 1, tokenSeconds: 0.03), sizes, options, draft: draft,
                now: clock.now, randomSeed: { 1 })
        }
    }

    private static let sampled: SamplingParameters = {
        var sampling = SamplingParameters()
        sampling.temperature = 0.8
        sampling.topP = 0.95
        sampling.repetitionPenalty = 1.05
        sampling.frequencyPenalty = 0.1
        sampling.seed = 5
        sampling.logprobs = 3
        return sampling
    }()

    private func request(_ prompt: [Int32], _ tokens: Int, _ sampling: SamplingParameters) -> GenerationRequest {
        GenerationRequest(prompt: prompt, maxTokens: tokens, sampling: sampling)
    }

    struct Kind: Sendable {
        var textContext = Int.max
        var mistakes: UInt64?
    }

    static let kinds = [
        Kind(textContext: 1), Kind(textContext: 2), Kind(mistakes: 0), Kind(mistakes: 25),
        Kind(textContext: 2, mistakes: 40),
    ]

    /// Texts that repeat themselves, a draft model that is mostly right, and both; greedily and with a seed.
    @Test(arguments: kinds, [false, true])
    func answersAreTheSame(kind: Kind, isSampled: Bool) async throws {
        let with = try Speculating(textContext: kind.textContext, draftMistakes: kind.mistakes)
        let without = try Speculating(textContext: kind.textContext) { $0.speculation.mode = .off }
        let sampling = isSampled ? Self.sampled : .greedy
        var prompts = Prompts(seed: 3, tokensMax: 150, vocabularySize: 40)
        for number in 0..<8 {
            let request = request(prompts.next(), 90, sampling)
            let answer = await Answer(try with.engine.generate(request))
            let plain = await Answer(try without.engine.generate(request))
            #expect(answer.tokens == plain.tokens && answer.tokens.count == 90, "prompt \(number)")
            #expect(answer.scores == plain.scores, "prompt \(number)")
            #expect(answer.end == plain.end && answer.end == .length)
        }
        let statistics = with.engine.statistics
        // What these models say at a temperature is hardly ever said twice, and their drafts promise little.
        if !isSampled || kind.mistakes == 0 {
            #expect(statistics.acceptedTokens > 50 && statistics.speculativeSteps > 20, "\(statistics)")
        }
        #expect(statistics.acceptedTokens > 0 && statistics.acceptedTokens <= statistics.proposedTokens)
        #expect(statistics.steps < without.engine.statistics.steps, "\(statistics.steps) steps")
        #expect((statistics.draftSeconds > 0) == (kind.mistakes != nil))
        #expect(without.engine.statistics.proposedTokens == 0)
    }

    @Test(arguments: [nil, 20] as [UInt64?])
    func manyAtOnceWithLittleMemoryAnswerAsOneAlone(mistakes: UInt64?) async throws {
        let with = try Speculating(textContext: mistakes == nil ? 2 : .max, draftMistakes: mistakes, cacheTokens: 256) {
            $0.sequencesMax = 5
            $0.speculation.draftCacheTokens = 512
        }
        let without = try Speculating(textContext: mistakes == nil ? 2 : .max) { $0.speculation.mode = .off }
        var prompts = Prompts(seed: 8, tokensMax: 60, vocabularySize: 40)
        let all = (0..<16).map { _ in prompts.next() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, prompt) in all.enumerated() {
                let request = request(prompt, 120, number % 2 == 0 ? .greedy : Self.sampled)
                group.addTask {
                    let answer = await Answer(try with.engine.generate(request))
                    let plain = await Answer(try without.engine.generate(request))
                    #expect(answer.tokens == plain.tokens && answer.scores == plain.scores, "prompt \(number)")
                }
            }
            try await group.waitForAll()
        }
        let statistics = with.engine.statistics
        #expect(statistics.preemptions > 0 && statistics.acceptedTokens > 20, "\(statistics)")
        #expect(statistics.finishedByLength == 16 && statistics.running == 0)
    }

    /// Every place where a stop token can stand among accepted proposals.
    @Test func stopTokensEndInTheMiddle() async throws {
        let with = try Speculating(draftMistakes: 0)
        for place in 1..<40 {
            let prompt: [Int32] = [Int32(place), 3]
            let all = with.runner.answer(to: prompt, tokens: 60)
            var request = request(prompt, 60, .greedy)
            request.stopTokens = [all[place]]
            let end = all.firstIndex(of: all[place]) ?? 0
            let answer = await Answer(try with.engine.generate(request))
            #expect(answer.tokens == Array(all[..<end]) && answer.end == .stop, "place \(place)")
            // What was computed behind the end is nobody's prefix.
            request.prompt += answer.tokens + [1]
            request.stopTokens = []
            let next = await Answer(try with.engine.generate(request))
            #expect(next.tokens == with.runner.answer(to: request.prompt, tokens: 60), "place \(place)")
            #expect(next.cachedTokens ?? 99 <= prompt.count + end)
        }
        #expect(with.engine.statistics.acceptedTokens > 100)
    }

    @Test func lengthsAndContextHold() async throws {
        let with = try Speculating(draftMistakes: 0, contextTokens: 64)
        for tokens in 1...20 {
            let answer = await Answer(try with.engine.generate(request([1, Int32(tokens)], tokens, .greedy)))
            #expect(answer.tokens.count == tokens && answer.end == .length)
        }
        let full = await Answer(try with.engine.generate(request(Array(repeating: 1, count: 40), .max, .greedy)))
        #expect(full.tokens.count == 24 && full.end == .length)
        #expect(with.engine.statistics.acceptedTokens > 20)
    }

    @Test func aRowThatIsNoNumberFailsOnlyWhenItIsReached() async throws {
        let with = try Speculating(draftMistakes: 0, poison: 39)
        for first in Int32(0)..<20 {
            let answer = await Answer(try with.engine.generate(request([first], 60, .greedy)))
            let all = with.runner.answer(to: [first], tokens: 60)
            if let place = all.firstIndex(of: 39), place < 59 {
                #expect(answer.tokens == Array(all[...place]))
                guard case .failed = answer.end else {
                    Issue.record("ended with \(String(describing: answer.end))")
                    return
                }
            } else {
                #expect(answer.tokens == all)
            }
        }
    }

    /// The second token of a distribution that the first one chose, drawn with and without proposals for many seeds.
    @Test func theDistributionIsTheModels() async throws {
        let with = try Speculating(textContext: 1, draftMistakes: 30)
        var counts: [Int32: Int] = [:]
        var sampling = SamplingParameters()
        sampling.temperature = 1.5
        let (seeds, place) = (1500, 6)
        for seed in 0..<seeds {
            sampling.seed = UInt64(seed)
            let answer = await Answer(try with.engine.generate(request([1, 2, 3], place + 1, sampling)))
            counts[answer.tokens[place], default: 0] += 1
        }
        // Each token depends on the one before only: the exact distribution is a power of a matrix.
        let transitions = (0..<40).map { token -> [Double] in
            let weights = with.runner.logits([Int32(token)]).map { exp(Double($0) / 1.5) }
            return weights.map { $0 / weights.reduce(0, +) }
        }
        var distribution = transitions[3]
        for _ in 0..<place {
            distribution = (0..<40).map { next in (0..<40).reduce(0) { $0 + distribution[$1] * transitions[$1][next] } }
        }
        // Tokens that are seldom count together.
        var (square, cells, restWanted, restSeen) = (0.0, 0, 0.0, 0.0)
        for (token, share) in distribution.enumerated() {
            let (wanted, seen) = (share * Double(seeds), Double(counts[Int32(token)] ?? 0))
            if wanted < 8 {
                (restWanted, restSeen) = (restWanted + wanted, restSeen + seen)
            } else {
                square += (seen - wanted) * (seen - wanted) / wanted
                cells += 1
            }
        }
        if restWanted > 0 { square += (restSeen - restWanted) * (restSeen - restWanted) / restWanted }
        // Mean and spread of chi-square; five sigma.
        #expect(square < Double(cells) + 5 * (2 * Double(cells)).squareRoot(), "\(square) in \(cells) cells")
        #expect(with.engine.statistics.acceptedTokens > seeds, "\(with.engine.statistics.acceptedTokens)")
    }
}
