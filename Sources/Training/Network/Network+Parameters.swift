import Kernels

extension Network {
    /// Computes with other parameters for a while, such as those that a run began with.
    ///
    /// - Parameter other: layout.count numbers; has its own again afterwards.
    package func withParameters<Result, Failure>(
        _ other: FloatBuffer, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(other.count == layout.count, "\(other.count) parameters for \(layout.count)")
        exchange(with: other)
        defer { exchange(with: other) }
        return try body()
    }

    /// What `initialize` makes, beside what is there now: of an adapter, one that changes nothing.
    package func initialParameters(seed: UInt64) -> FloatBuffer {
        let result = FloatBuffer(count: layout.count)
        exchange(with: result)
        initialize(seed: seed)
        exchange(with: result)
        return result
    }

    private func exchange(with other: FloatBuffer) {
        parameters.withUnsafeMutableBufferPointer { mine in
            other.withUnsafeMutableBufferPointer { theirs in
                for index in mine.indices { swap(&mine[index], &theirs[index]) }
            }
        }
        parametersChanged()
    }
}
