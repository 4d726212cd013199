import Foundation
public import Kernels

/// How positions turn queries and keys.
public struct RotaryConfiguration: Sendable, Equatable {
    /// The angle of pair i at position p is p * base^(-2i / dimensions), before scaling.
    public var base: Double
    /// Leading elements of a head that are turned.
    public var dimensions: Int
    public var style: RotaryPositions.Style
    public var scaling: Scaling

    /// How a model reaches beyond the positions it was first trained for.
    public enum Scaling: Sendable, Equatable {
        case none
        /// Every frequency divided by `factor`.
        case linear(factor: Double)
        /// Low frequencies divided by `factor`, high ones kept, a ramp between (Llama 3.1). `low` and `high` are
        /// turns within `originalTokens`.
        case llama3(factor: Double, low: Double, high: Double, originalTokens: Double)
        /// The same idea with the ramp over the pairs' numbers, and cosines and sines multiplied by `magnitude`.
        case yarn(factor: Double, originalTokens: Double, betaFast: Double, betaSlow: Double, magnitude: Double)
    }

    public init(base: Double, dimensions: Int, style: RotaryPositions.Style, scaling: Scaling = .none) {
        self.base = base
        self.dimensions = dimensions
        self.style = style
        self.scaling = scaling
    }

    /// What YaRN multiplies cosines and sines by unless told: 0.1 ln(factor) + 1.
    static func yarnMagnitude(factor: Double) -> Double { factor <= 1 ? 1 : 0.1 * log(factor) + 1 }

    /// Multiplies cosines and sines.
    package var magnitude: Double {
        if case .yarn(_, _, _, _, let magnitude) = scaling { magnitude } else { 1 }
    }

    /// The angle of each pair at position 1.
    ///
    /// - Parameter factors: divide the frequencies: Llama 3's scaling as GGUF files store it.
    package func inverseFrequencies(factors: [Float]? = nil) -> [Double] {
        let plain = RotaryPositions.inverseFrequencies(base: base, dimensions: dimensions, factors: factors)
        switch scaling {
        case .none: return plain
        case .linear(let factor): return plain.map { $0 / factor }
        case .llama3(let factor, let low, let high, let tokens):
            return plain.map { frequency in
                let turns = tokens * frequency / (2 * .pi)
                let kept = min(1, max(0, (turns - low) / (high - low)))
                return frequency * (kept + (1 - kept) / factor)
            }
        case .yarn(let factor, let tokens, let fast, let slow, _):
            let first = max(0, pair(turning: fast, within: tokens).rounded(.down))
            let last = min(Double(dimensions - 1), pair(turning: slow, within: tokens).rounded(.up))
            let width = first == last ? 0.001 : last - first
            return plain.enumerated().map { index, frequency in
                let scaled = min(1, max(0, (Double(index) - first) / width))
                return frequency * (1 - scaled + scaled / factor)
            }
        }
    }

    /// The pair, not a whole number, that makes so many turns within `tokens` positions.
    private func pair(turning turns: Double, within tokens: Double) -> Double {
        Double(dimensions) * log(tokens / (turns * 2 * .pi)) / (2 * log(base))
    }
}
