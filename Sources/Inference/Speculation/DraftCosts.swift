/// How long the draft model takes.
package struct DraftCosts: Sendable {
    /// Of one token each for a number of sequences, by that number: seconds.
    private var passes: [Int: Double] = [:]
    /// Of a token of a prompt.
    private(set) var tokenSeconds: Double?

    /// The weight of the newest measurement.
    private static let weight = 0.1

    /// nil before it was measured with a number near this.
    func passSeconds(sequences: Int) -> Double? {
        passes[sequences] ?? passes.min { abs($0.key - sequences) < abs($1.key - sequences) }?.value
    }

    mutating func recordPass(sequences: Int, seconds: Double) { Self.mix(&passes[sequences], seconds) }

    mutating func recordPrompt(tokens: Int, seconds: Double) {
        if tokens > 0 { Self.mix(&tokenSeconds, seconds / Double(tokens)) }
    }

    private static func mix(_ average: inout Double?, _ value: Double) {
        average = average.map { $0 + weight * (min(max(value, $0 / 2), $0 * 2) - $0) } ?? value
    }
}
