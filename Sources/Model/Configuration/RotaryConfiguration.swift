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
        /// Low frequencies divided by `factor`, high ones kept, a ramp between (Llama 3.1).
        case llama3(factor: Double, low: Double, high: Double, originalTokens: Double)
        /// The same ramp over the pairs' numbers, and cosines and sines multiplied by `magnitude` (YaRN).
        case yarn(factor: Double, originalTokens: Double, betaFast: Double, betaSlow: Double, magnitude: Double)
    }
}
