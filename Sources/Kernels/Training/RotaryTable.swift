import CKernels

/// Cosines and sines of the positions 0..<count, computed once.
package struct RotaryTable: Sendable {
    package let pairs: Int
    package let count: Int
    let cosines: FloatBuffer
    let sines: FloatBuffer

    /// Angle of pair i at position p: p * inverseFrequencies[i].
    package init(count: Int, inverseFrequencies: [Double], magnitude: Double) {
        let positions = RotaryPositions(
            Array(0..<count), inverseFrequencies: inverseFrequencies, magnitude: magnitude)
        pairs = inverseFrequencies.count
        self.count = count
        (cosines, sines) = positions.tables
    }
}
