import Kernels

/// How several processes, each with its own rows, come to one gradient.
package protocol GradientReduction: Sendable {
    /// Processes in all, and which of them this is.
    var ranks: Int { get }
    var rank: Int { get }

    /// Replaces the gradients by the sum over all ranks, the same bits on each.
    func sum(_ gradients: FloatBuffer) throws
}

/// One process: its gradients are the sum.
package struct SingleProcess: GradientReduction {
    package init() {}

    package var ranks: Int { 1 }
    package var rank: Int { 0 }

    package func sum(_ gradients: FloatBuffer) {}
}
