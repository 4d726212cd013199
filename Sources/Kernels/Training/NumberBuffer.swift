/// Zeroed fp32 or bf16 numbers in memory aligned to 64 bytes.
package final class NumberBuffer: @unchecked Sendable {
    // Sendable: the memory's address is constant; callers order their writes, as with FloatBuffer.
    private let memory: Memory
    package let count: Int
    package let precision: NumberPrecision

    /// - Throws: `KernelsError.outOfMemory`
    package init(count: Int, precision: NumberPrecision) throws(KernelsError) {
        precondition(count >= 0 && count <= Int.max / 8, "a buffer of \(count) numbers")
        guard let memory = Memory(zeroed: count * precision.bytes) else {
            throw .outOfMemory(operation: "activations", bytes: count * precision.bytes)
        }
        self.memory = memory
        self.count = count
        self.precision = precision
    }

    package var bytes: Int { memory.count }

    var pointer: UnsafeMutableRawPointer { memory.base }
}
