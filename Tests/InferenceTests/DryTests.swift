import Foundation
import Inference
import Testing

@Suite struct DryTests {
    private func settings(_ change: (inout DrySettings) -> Void = { _ in }) -> DrySettings {
        var settings = DrySettings()
        settings.multiplier = 0.8
        change(&settings)
        return settings
    }

    /// For every token: the longest passage before an earlier occurrence that the text ends with too.
    private func naive(_ tokens: [Int32], breakers: Set<Int32>) -> [Int32: Int] {
        var longest: [Int32: Int] = [:]
        for place in tokens.indices.dropFirst() {
            var length = 0
            while length < place, tokens[place - 1 - length] == tokens[tokens.count - 1 - length],
                !breakers.contains(tokens[place - 1 - length])
            {
                length += 1
            }
            if length > 0 { longest[tokens[place]] = max(longest[tokens[place]] ?? 0, length) }
        }
        return longest
    }

    @Test func findsTheLongestRepetitions() {
        for seed in UInt64(0)..<500 {
            var random = RandomSource(seed: seed)
            let tokens = (0..<Int.random(in: 0...60, using: &random)).map { _ in Int32.random(in: 0..<4, using: &random)
            }
            let breakers: Set<Int32> = Bool.random(using: &random) ? [3] : []
            let dry = Dry(settings { $0.breakers = breakers }, prompt: tokens)
            #expect(dry.repetitions() == naive(tokens, breakers: breakers), "seed \(seed): \(tokens)")
        }
    }

    @Test func followsTheFormula() {
        var dry = Dry(settings(), prompt: [1, 2, 3, 4, 9, 1, 2])
        dry.accept(3)
        var logits = [Float](repeating: 0, count: 10)
        logits.withUnsafeMutableBufferPointer { dry.apply(to: $0) }
        #expect(abs(logits[4] + 0.8 * 1.75) < 1e-6)
        #expect(logits.enumerated().allSatisfy { $0 == 4 || $1 == 0 })
    }

    @Test func shortRepetitionsAreFree() {
        let dry = Dry(settings(), prompt: [1, 5, 1])
        var logits = [Float](repeating: 0, count: 10)
        logits.withUnsafeMutableBufferPointer { dry.apply(to: $0) }
        #expect(logits == [Float](repeating: 0, count: 10))
    }

    @Test func longOnesStayFinite() {
        let dry = Dry(settings { $0.base = 10 }, prompt: Array(repeating: 1, count: 4000))
        var logits = [Float](repeating: 0, count: 2)
        logits.withUnsafeMutableBufferPointer { dry.apply(to: $0) }
        #expect(logits[1] == -1e6)
    }

    @Test func looksAtItsWindowOnly() {
        let dry = Dry(settings { $0.windowTokensMax = 3 }, prompt: [1, 2, 3, 1, 2])
        #expect(dry.repetitions().isEmpty)
    }
}
