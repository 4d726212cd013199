import Kernels
import Model

/// The speed that a test cannot exceed on this machine: what its products take at the peak of the arithmetic, or its
/// weights, keys and values at the memory's rate, whichever is longer.
package struct BenchRoof: Sendable {
    package var machine: Roof
    package var work: Workload
    package var kvBytesPerToken: Int

    package init(machine: Roof, work: Workload, kvBytesPerToken: Int) {
        self.machine = machine
        self.work = work
        self.kvBytesPerToken = kvBytesPerToken
    }

    /// Prompts are read in steps of so many tokens, each of which reads the weights.
    package static let stepTokens = 512

    /// Tokens per second, all sequences together.
    package func tokensPerSecond(_ test: BenchTest) -> Double {
        let positions = Double(test.depth) + Double(test.tokens) / 2
        let kvBytes = Double(kvBytesPerToken) * positions
        let compute = computeSeconds(withHead: test.kind == .generation, positions: positions)
        switch test.kind {
        case .prompt:
            let bytes = (work.weightBytes + kvBytes) / Double(min(test.tokens, Self.stepTokens))
            return 1 / max(compute, bytes / machine.readBytesPerSecond)
        case .generation:
            let bytes = work.weightBytes / Double(test.sequences) + kvBytes
            return 1 / max(compute, bytes / machine.readBytesPerSecond)
        }
    }

    /// Of one token.
    private func computeSeconds(withHead: Bool, positions: Double) -> Double {
        var integers = work.integerMultiplyAdds
        var floats = work.floatMultiplyAdds + work.attentionMultiplyAdds * positions
        if withHead, work.headIsFloat { floats += work.headMultiplyAdds }
        if withHead, !work.headIsFloat { integers += work.headMultiplyAdds }
        let peak = machine.integerOperationsPerSecond ?? machine.floatOperationsPerSecond
        return 2 * integers / peak + 2 * floats / machine.floatOperationsPerSecond
    }
}
