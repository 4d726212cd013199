/// Which optimiser, and how. Learning rates come with each step.
package struct OptimizerSettings: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case adamw
        /// Muon for matrices, AdamW for the rest.
        case muon
    }

    package var kind: Kind
    /// Decay of AdamW's first and second moments.
    package var beta1: Float = 0.9
    package var beta2: Float = 0.95
    package var epsilon: Float = 1e-8
    /// Shrinks matrices and embeddings by learningRate * weightDecay a step (not norms); decoupled from the gradient.
    package var weightDecay: Float = 0.1
    /// Muon's share of the old direction.
    package var momentum: Float = 0.95
    /// Muon's learning rate of a rows x columns matrix is 0.2 √max(rows, columns) times the step's, so that its
    /// updates are as large as AdamW's and one rate serves both (Liu et al., "Muon is scalable", 2025). Without it,
    /// √max(1, rows / columns) times.
    package var matchesAdamW = true
    /// Newton-Schulz iterations of Muon.
    package var iterations = 5
    /// What Newton-Schulz is computed in.
    package var precision: Precision = .bf16

    package init(kind: Kind) { self.kind = kind }
}
