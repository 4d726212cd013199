import Kernels

/// Which experts each token visits.
struct ExpertRouting {
    struct Choice: Equatable {
        let expert: Int
        let share: Float
    }

    struct Visit: Equatable {
        let row: Int
        let share: Float
    }

    /// Token by token, in ascending order of experts: sums are formed in that order, in any company.
    let choices: [[Choice]]

    /// - Parameter probabilities: the router's softmax, a row a token.
    init(_ probabilities: Matrix, _ configuration: ExpertConfiguration) {
        choices = (0..<probabilities.rows).map { row in
            probabilities.withRow(row) { values in
                Self.choose(values, used: configuration.used, normalizes: configuration.normalizesShares)
            }
        }
    }

    /// The `used` most probable; of equals the first.
    private static func choose(
        _ values: UnsafeMutableBufferPointer<Float>, used: Int, normalizes: Bool
    ) -> [Choice] {
        var chosen: [Int] = []
        for _ in 0..<min(used, values.count) {
            var best: Int?
            for index in values.indices where !chosen.contains(index) {
                if best.map({ values[index] > values[$0] }) ?? true { best = index }
            }
            if let best { chosen.append(best) }
        }
        let sum = normalizes ? chosen.reduce(0) { $0 + values[$1] } : 1
        return chosen.sorted().map { Choice(expert: $0, share: values[$0] / sum) }
    }

    /// Expert by expert: the rows that visit it, ascending.
    func visits(experts: Int) -> [[Visit]] {
        var result: [[Visit]] = Array(repeating: [], count: experts)
        for (row, choices) in choices.enumerated() {
            for choice in choices { result[choice.expert].append(Visit(row: row, share: choice.share)) }
        }
        return result
    }
}
