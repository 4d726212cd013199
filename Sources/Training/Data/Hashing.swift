import Kernels

/// Mixing of numbers that must be the same on every machine.
package enum Hashing {
    package static func mix(_ values: UInt64...) -> UInt64 { values.reduce(0) { SplitMix64.mix($0 ^ $1) } }
}
