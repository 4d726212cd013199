/// Floats in memory aligned to 64 bytes, zeroed when made.
///
/// Not thread-safe: one owner writes, and kernels that split work between workers write disjoint parts.
public final class FloatBuffer: @unchecked Sendable {
    // Sendable: the memory's address is constant; callers order their writes, as the documentation says.
    private let memory: Memory
    public let count: Int

    /// - Precondition: the memory is to be had (use sizes checked against a limit).
    public init(count: Int) {
        precondition(count >= 0 && count <= Int.max / 8, "a buffer of \(count) floats")
        guard let memory = Memory(zeroed: count * 4) else { preconditionFailure("no memory for \(count) floats") }
        self.memory = memory
        self.count = count
    }

    public convenience init(_ values: [Float]) {
        self.init(count: values.count)
        for (index, value) in values.enumerated() { pointer[index] = value }
    }

    public subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "float \(index) of \(count)")
            return pointer[index]
        }
        set {
            precondition(index >= 0 && index < count, "float \(index) of \(count)")
            pointer[index] = newValue
        }
    }

    public func withUnsafeMutableBufferPointer<R, E: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeMutableBufferPointer(start: pointer, count: count))
    }

    /// The floats as an array.
    public func copy() -> [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    var pointer: UnsafeMutablePointer<Float> { memory.pointer(Float.self) }
}
