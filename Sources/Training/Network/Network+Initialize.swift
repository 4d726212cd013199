import Foundation
import Kernels

extension Network {
    /// Sets the parameters training starts with: the base model's where there is one, or a function of the seed alone.
    package func initialize(seed: UInt64) {
        if let adapter {
            initialize(adapter, seed: seed)
        } else if let base {
            for entry in layout.entries where entry.name != ParameterLayout.scoreName {
                base.read(entry, into: parameters, on: pool)
            }
            // All texts are worth the same at first.
            if score != nil { zeroScore() }
        } else {
            initializeAll(seed: seed)
        }
        parametersChanged()
    }

    private func zeroScore() {
        for index in layout.entry(ParameterLayout.scoreName).range { parameters[index] = 0 }
    }

    /// Adapters that change nothing: A uniform within ±1 / √columns, B zero, as PEFT's.
    private func initialize(_ adapter: AdapterSettings, seed: UInt64) {
        var generator = NormalGenerator(seed: seed)
        parameters.withUnsafeMutableBufferPointer { numbers in
            for entry in layout.entries {
                let isA = entry.name.hasSuffix("lora_A.weight")
                let width = 1 / Double(entry.shape[1]).squareRoot()
                for index in entry.range { numbers[index] = isA ? Float(width * (2 * generator.uniform() - 1)) : 0 }
            }
        }
    }

    /// Normal numbers of deviation 0.02, those that write into the residual stream divided by √(2 layers) (Radford et
    /// al., 2019), norms 1, biases 0.
    private func initializeAll(seed: UInt64) {
        var generator = NormalGenerator(seed: seed)
        let narrow = 0.02 / (2 * Double(shape.layers)).squareRoot()
        parameters.withUnsafeMutableBufferPointer { numbers in
            for entry in layout.entries {
                let isOutput = entry.name.hasSuffix("o_proj.weight") || entry.name.hasSuffix("down_proj.weight")
                let deviation = isOutput ? narrow : 0.02
                for index in entry.range {
                    switch entry.kind {
                    case .norm: numbers[index] = 1
                    case .bias: numbers[index] = 0
                    case .matrix, .embedding: numbers[index] = Float(deviation * generator.next())
                    }
                }
            }
        }
    }
}

/// Normally distributed numbers by Box and Muller's method.
struct NormalGenerator {
    private var random: SplitMix64
    private var spare: Double?

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

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
    mutating func uniform() -> Double { random.uniform() }
}
