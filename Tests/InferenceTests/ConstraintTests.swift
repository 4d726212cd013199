import Foundation
import Inference
import Kernels
import Testing

@Suite struct ConstraintTests {
    /// Each token is 1 or 2 above the one before, around a ring of 38; after `length` tokens the answer ends.
    struct Rising: TokenConstraint {
        var length: Int
        var end: Int32?

        struct State: TokenConstraintState {
            let rule: Rising
            var token: Int32 = 0
            var count = 0
            var isComplete: Bool { count >= rule.length }

            func allowed() -> TokenMask? {
                var mask = TokenMask(tokens: 40)
                if isComplete {
                    if let end = rule.end { mask.insert(end) }
                } else {
                    for step: Int32 in 1...2 { mask.insert((token + step) % 38) }
                }
                return mask
            }

            mutating func accept(_ next: Int32) -> Bool {
                guard next != rule.end, allowed()?.contains(next) ?? false else { return false }
                (token, count) = (next, count + 1)
                return true
            }
        }

        func start() -> any TokenConstraintState { State(rule: self) }
    }

    static func isRising(_ tokens: [Int32], length: Int) -> Bool {
        tokens.count == length && zip([0] + tokens, tokens).allSatisfy { (1...2).contains(($1 - $0 + 38) % 38) }
    }

    @Test(arguments: [0, 0.001, 0.7, 5, 1000] as [Float])
    func anAnswerKeepsItsForm(temperature: Float) async throws {
        let test = try TestEngine()
        for seed in UInt64(0)..<8 {
            var sampling = SamplingParameters()
            (sampling.temperature, sampling.seed) = (temperature, seed)
            sampling.logitBias = [5: 100, 39: -100]
            (sampling.topK, sampling.topP, sampling.minP) = (
                [0, 30][Int(seed % 2)], [1, 0.95][Int(seed / 2 % 2)], 0.01
            )
            sampling.repetitionPenalty = 1.3
            let answer = try await test.answer([7, Int32(seed)], tokens: 60) {
                $0.sampling = sampling
                $0.constraint = Rising(length: 30, end: 39)
                $0.stopTokens = [39]
            }
            #expect(Self.isRising(answer.tokens, length: 30), "seed \(seed): \(answer.tokens)")
            #expect(answer.end == .stop)
        }
    }

    @Test func anAnswerWithNothingLeftIsOver() async throws {
        let answer = try await TestEngine().answer([1], tokens: 60) { $0.constraint = Rising(length: 20) }
        #expect(Self.isRising(answer.tokens, length: 20) && answer.end == .stop)
    }

    @Test func aDeadEndFails() async throws {
        struct Nothing: TokenConstraint, TokenConstraintState {
            var isComplete: Bool { false }
            func start() -> any TokenConstraintState { self }
            func allowed() -> TokenMask? { TokenMask(tokens: 40) }
            func accept(_ token: Int32) -> Bool { false }
        }
        let answer = try await TestEngine().answer([1], tokens: 60) { $0.constraint = Nothing() }
        guard case .failed = answer.end else {
            Issue.record("ended with \(String(describing: answer.end))")
            return
        }
    }

    @Test func logProbabilitiesStayTheModels() async throws {
        let test = try TestEngine()
        let answer = try await test.answer([3], tokens: 4) {
            $0.constraint = Rising(length: 30, end: 39)
            $0.sampling.logprobs = 40 / 2
        }
        let row = test.runner.logits([3])
        let sum = row.reduce(0.0) { $0 + exp(Double($1)) }
        let wanted = Double(row[Int(answer.tokens[0])]) - log(sum)
        #expect(abs(Double(answer.scores[0].logProbability ?? 0) - wanted) < 1e-4)
        #expect(answer.scores[0].alternatives[0].id == Int32(row.indices.max { row[$0] < row[$1] } ?? 0))
    }

    @Test func preemptionDoesNotDisturbIt() async throws {
        let test = try TestEngine(cacheTokens: 256) { $0.sequencesMax = 6 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in Int32(0)..<12 {
                group.addTask {
                    let answer = try await test.answer(Array(repeating: number, count: 60), tokens: 120) {
                        $0.constraint = Rising(length: 90, end: 39)
                        $0.stopTokens = [39]
                    }
                    #expect(Self.isRising(answer.tokens, length: 90) && answer.end == .stop, "\(number)")
                }
            }
            try await group.waitForAll()
        }
        #expect(test.engine.statistics.preemptions > 0)
    }

    @Test func masksExcludeExactlyTheRest() {
        var random = RandomSource(seed: 3)
        for count in [1, 63, 64, 65, 200, 1000] {
            var mask = TokenMask(tokens: count)
            for token in 0..<count where random.uniform() < 0.5 { mask.insert(Int32(token)) }
            let row = Matrix(rows: 1, columns: count + 10, values: Array(repeating: 1, count: count + 10))
            row.withRow(0) { Masking.apply(mask, to: $0) }
            for token in 0..<count + 10 {
                #expect(row[0, token] == (mask.contains(Int32(token)) ? 1 : Masking.excluded))
            }
        }
    }
}
