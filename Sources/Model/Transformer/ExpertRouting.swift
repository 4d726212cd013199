package import Kernels

/// Which experts each token visits.
package struct ExpertRouting {
    package struct Choice: Equatable {
        package let expert: Int
        package let share: Float
    }

    package struct Visit: Equatable {
        package let row: Int
        package let share: Float
    }

    /// Token by token, in ascending order of experts: sums are formed in that order, in any company.
    package let choices: [[Choice]]

    /// - Parameter probabilities: the router's softmax, a row a token.
    package init(_ probabilities: Matrix, _ configuration: ExpertConfiguration) {
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
        var isChosen = Array(repeating: false, count: values.count)
        var sum: Float = 0
        for _ in 0..<min(used, values.count) {
            // With numbers that are none the first that is left, so that there are always as many.
            var best: Int?
            for index in values.indices where !isChosen[index] {
                if best.map({ values[index] > values[$0] }) ?? true { best = index }
            }
            guard let best else { break }
            isChosen[best] = true
            sum += values[best]
        }
        let divisor = normalizes ? sum : 1
        return values.indices.filter { isChosen[$0] }.map { Choice(expert: $0, share: values[$0] / divisor) }
    }

    /// Expert by expert: the rows that visit it, ascending.
    package func visits(experts: Int) -> [[Visit]] {
        var result: [[Visit]] = Array(repeating: [], count: experts)
        for (row, choices) in choices.enumerated() {
            for choice in choices { result[choice.expert].append(Visit(row: row, share: choice.share)) }
        }
        return result
    }
}
