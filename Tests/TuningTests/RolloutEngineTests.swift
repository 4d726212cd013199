import Kernels
import Model
import Testing
import Training
import Tuning

@Suite(.serialized, .timeLimit(.minutes(2))) struct RolloutEngineTests {
    private static func requests(_ count: Int, tokensMax: Int = 24) -> [RolloutRequest] {
        var random = SplitMix64(seed: 5)
        let prompts = (0..<4).map { _ in
            (0..<Int.random(in: 3...20, using: &random)).map { _ in Int32.random(in: 0..<50, using: &random) }
        }
        return (0..<count).map {
            RolloutRequest(
                prompt: prompts[$0 % 4], tokensMax: tokensMax, temperature: $0 % 7 == 6 ? 0 : 1, seed: UInt64($0))
        }
    }

    /// By the network: of each token of an answer.
    private static func nats(_ network: Network, _ request: RolloutRequest, _ answer: Rollout) -> [Float] {
        let all = request.prompt + answer.tokens
        let targets = (1..<all.count).map { $0 < request.prompt.count ? -1 : all[$0] }
        let batch = TrainingBatch(
            rows: 1, sequence: all.count - 1, tokens: Array(all.dropLast()), targets: targets,
            documents: Array(repeating: 0, count: all.count - 1))
        return Array(network.losses(batch)[(request.prompt.count - 1)...])
    }

    private static func mismatch(_ network: Network, _ requests: [RolloutRequest], _ answers: [Rollout]) -> Float {
        zip(requests, answers).map { request, answer in
            zip(nats(network, request, answer), answer.logProbabilities).map { abs($0 + $1) }.max() ?? 0
        }.max() ?? 0
    }

    @Test(arguments: Precision.allCases) func weightsAreTheNetworksOfThisMoment(precision: Precision) throws {
        let (network, pool) = try TinyNetwork.whole(precision)
        let engine = try RolloutEngine(network, base: nil, stopTokens: [3, 9], contextTokens: 64, on: pool)
        let requests = Self.requests(40)
        let bound: Float = precision == .fp32 ? 1e-4 : 0.05
        let first = try #require(try engine.answers(to: requests, unless: StopRequest()))
        #expect(Self.mismatch(network, requests, first) < bound)
        TinyNetwork.stir(network, seed: 11)
        #expect(try engine.answers(to: requests, unless: StopRequest()) == first, "others only when it is told")
        engine.parametersChanged()
        let second = try #require(try engine.answers(to: requests, unless: StopRequest()))
        #expect(second != first)
        #expect(Self.mismatch(network, requests, second) < bound)
    }

    @Test(arguments: ["llama", "qwen2"], Precision.allCases)
    func anAdapterIsTheNetworksOfThisMoment(name: String, precision: Precision) throws {
        let (network, base, pool) = try TinyNetwork.adapted(name, precision)
        let engine = try RolloutEngine(network, base: base, stopTokens: [3], contextTokens: 64, on: pool)
        let requests = Self.requests(12)
        // Served, an adapter's numbers are rounded to halves beside a base that is no F32.
        let bound: Float = precision == .fp32 ? 2e-3 : 0.15
        for round in UInt64(0)..<2 {
            let answers = try #require(try engine.answers(to: requests, unless: StopRequest()))
            #expect(Self.mismatch(network, requests, answers) < bound, "round \(round)")
            TinyNetwork.stir(network, seed: 20 + round)
            engine.parametersChanged()
        }
    }

    /// The same weights and requests: the same tokens and log-probabilities, in another engine, with other company,
    /// in another order and with another number of threads.
    @Test func answersAreTheSameWhateverTheTiming() throws {
        let requests = Self.requests(50)
        let (network, pool) = try TinyNetwork.whole(.bf16)
        let engine = try RolloutEngine(network, base: nil, stopTokens: [3, 9], contextTokens: 64, on: pool)
        let first = try #require(try engine.answers(to: requests, unless: StopRequest()))
        #expect(try engine.answers(to: requests, unless: StopRequest()) == first)
        let backwards = try engine.answers(to: requests.reversed(), unless: StopRequest())
        #expect(backwards?.reversed() == first)
        let (other, single) = try TinyNetwork.whole(.bf16, threads: 1)
        let another = try RolloutEngine(other, base: nil, stopTokens: [3, 9], contextTokens: 64, on: single)
        for (request, answer) in zip(requests, first).prefix(5) {
            #expect(try another.answers(to: [request], unless: StopRequest()) == [answer])
        }
    }

    @Test func endsAreKeptAndCutsAreSaid() throws {
        let (network, pool) = try TinyNetwork.whole(.fp32)
        let engine = try RolloutEngine(network, base: nil, stopTokens: [3, 9, 14, 27], contextTokens: 64, on: pool)
        let answers = try #require(try engine.answers(to: Self.requests(60), unless: StopRequest()))
        let ended = answers.filter { !$0.isTruncated }
        #expect(!ended.isEmpty && ended.count < answers.count)
        for answer in answers {
            #expect(answer.tokens.count == answer.logProbabilities.count && !answer.tokens.isEmpty)
            #expect(!answer.text.contains { [3, 9, 14, 27].contains($0) })
            if answer.isTruncated {
                #expect(answer.tokens.count == 24)
            } else {
                #expect([3, 9, 14, 27].contains(answer.tokens[answer.tokens.count - 1]))
            }
        }
    }

    @Test func aRequestToStopIsHeardAndAnswersGoOnLater() throws {
        let (network, pool) = try TinyNetwork.whole(.fp32)
        let engine = try RolloutEngine(network, base: nil, stopTokens: [], contextTokens: 64, on: pool)
        let stop = StopRequest()
        stop.stop()
        #expect(try engine.answers(to: Self.requests(400, tokensMax: 40), unless: stop) == nil)
        let answers = try engine.answers(to: Self.requests(4), unless: StopRequest())
        #expect(answers?.count == 4)
    }
}
