import Foundation

extension Network {
    /// Sets the parameters training starts with, a function of the seed alone: normal numbers of deviation 0.02, those
    /// that write into the residual stream divided by √(2 layers) (Radford et al., 2019), norms 1.
    package func initialize(seed: UInt64) {
        var generator = NormalGenerator(seed: seed)
        let narrow = 0.02 / (2 * Double(shape.layers)).squareRoot()
        parameters.withUnsafeMutableBufferPointer { numbers in
            for entry in layout.entries {
                let isOutput = entry.name.hasSuffix("o_proj.weight") || entry.name.hasSuffix("down_proj.weight")
                let deviation = isOutput ? narrow : 0.02
                for index in entry.range {
                    numbers[index] = entry.kind == .norm ? 1 : Float(deviation * generator.next())
                }
            }
        }
        parametersChanged()
    }
}

/// Normally distributed numbers by Box and Muller's method from SplitMix64.
struct NormalGenerator {
    private var state: UInt64
    private var spare: Double?

    init(seed: UInt64) { state = seed }

    mutating func next() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        let radius = (-2 * log(1 - uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }

    /// From 0 (included) to 1.
    private mutating func uniform() -> Double {
        let bits = Hashing.mix(state)
        state &+= Hashing.increment
        return Double(bits >> 11) * 0x1p-53
    }
}
