/// Scores of answers that stand in pairs, and how well they say which is the better one.
///
///     var pairs = PairScores()
///     pairs.add(chosen: .init(score: 1.2, tokens: 14), rejected: .init(score: -0.3, tokens: 80))
///     pairs.accuracy; pairs.interval; pairs.lengthCorrelation
package struct PairScores: Equatable, Sendable {
    package struct Answer: Equatable, Sendable {
        package var score: Double
        /// Of the answer, its end included.
        package var tokens: Int

        package init(score: Double, tokens: Int) {
            self.score = score
            self.tokens = tokens
        }
    }

    package private(set) var pairs: [(chosen: Answer, rejected: Answer)] = []

    /// A correlation beyond this, either way, is told: a policy could earn the score by length alone.
    package static let correlationMax = 0.7

    package init() {}

    package static func == (left: PairScores, right: PairScores) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }

    package mutating func add(chosen: Answer, rejected: Answer) { pairs.append((chosen, rejected)) }

    package var count: Int { pairs.count }
    /// Pairs whose better answer has the higher score; the same score for both is not right.
    package var right: Int { pairs.count { $0.chosen.score > $0.rejected.score } }
    package var accuracy: Double { count > 0 ? Double(right) / Double(count) : 0 }
    /// Of the accuracy, with 95 % confidence.
    package var interval: WilsonInterval { WilsonInterval(right, of: count) }
    /// Mean of the differences of scores.
    package var margin: Double { mean { $0.chosen.score - $0.rejected.score } }

    /// Pairs that the shorter answer would decide rightly; those of the same length half.
    package var shorterShare: Double {
        mean { $0.chosen.tokens == $0.rejected.tokens ? 0.5 : $0.chosen.tokens < $0.rejected.tokens ? 1 : 0 }
    }

    /// The accuracy of length alone, the better of both ways.
    package var lengthAccuracy: Double { max(shorterShare, 1 - shorterShare) }

    /// Pearson's, of scores and lengths of all answers; 0 where one of them is constant.
    package var lengthCorrelation: Double {
        let answers = pairs.flatMap { [$0.chosen, $0.rejected] }
        let count = Double(answers.count)
        guard count > 1 else { return 0 }
        let score = answers.reduce(0) { $0 + $1.score } / count
        let tokens = answers.reduce(0) { $0 + Double($1.tokens) } / count
        var (both, scores, lengths) = (0.0, 0.0, 0.0)
        for answer in answers {
            let (x, y) = (answer.score - score, Double(answer.tokens) - tokens)
            both += x * y
            scores += x * x
            lengths += y * y
        }
        let scale = (scores * lengths).squareRoot()
        return scale > 0 ? both / scale : 0
    }

    package var followsLength: Bool { abs(lengthCorrelation) > Self.correlationMax }

    /// Of all scores.
    package var meanScore: Double { mean { ($0.chosen.score + $0.rejected.score) / 2 } }
    package var scoreVariance: Double {
        let middle = meanScore
        return mean {
            let (x, y) = ($0.chosen.score - middle, $0.rejected.score - middle)
            return (x * x + y * y) / 2
        }
    }

    private func mean(_ value: ((chosen: Answer, rejected: Answer)) -> Double) -> Double {
        pairs.isEmpty ? 0 : pairs.reduce(0) { $0 + value($1) } / Double(pairs.count)
    }

    /// By the log's names.
    package var measures: [String: Double] {
        [
            "accuracy": accuracy, "margin": margin, "reward": meanScore, "reward_variance": scoreVariance,
            "length_chosen": mean { Double($0.chosen.tokens) }, "length_rejected": mean { Double($0.rejected.tokens) },
        ]
    }
}
