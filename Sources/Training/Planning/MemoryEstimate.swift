import Model

/// The memory of a training run in this trainer, part by part, in bytes.
///
///     weights      fp32, 4 N; and packed copies for both directions, 2 b P
///     gradients    fp32, 4 N
///     optimizer    AdamW: two moments, 8 N; Muon: one for matrices, 4 M, and AdamW's for the rest
///     activations  the residual stream, (L + 1) T w 4, and what layers keep
///     workspace    gradients of activations and factors of weights' gradients, one layer's at a time
///     logits       one chunk's
///     rollouts     GRPO: the model as it is served, and the cache of the answers that are written at once
///
/// N parameters, P those that are factors, M matrices, L layers, w width, T tokens of a micro-batch, b bytes of a
/// number: 4 for fp32, 2 for bf16. It follows `Network`'s allocations; threads' own blocks are left out.
package struct MemoryEstimate: Sendable, Equatable {
    package var weights = 0.0
    package var gradients = 0.0
    package var optimizer = 0.0
    package var activations = 0.0
    package var workspace = 0.0
    package var logits = 0.0
    package var rollouts = 0.0

    package var total: Double {
        weights + gradients + optimizer + activations + workspace + logits + rollouts
    }

    private static let logitBytes = Double(16 << 20)

    /// - Parameter tokens: of a micro-batch, all rows together.
    package init(
        _ configuration: ModelConfiguration, tokens: Int, precision: Precision, optimizer kind: OptimizerSettings.Kind,
        recompute: Recomputation
    ) {
        let work = TrainingWork(configuration)
        let number = precision == .bf16 ? 2.0 : 4.0
        let parameters = Double(work.parameters)
        let (layers, width) = (Double(configuration.layers), Double(configuration.embeddingDim))
        let inner = Double(configuration.feedForwardDim)
        let queries = Double(configuration.heads * configuration.keyDim)
        let keys = Double(configuration.kvHeads * configuration.keyDim)
        let attention = queries + 2 * keys
        let vocabulary = Double(configuration.vocabularySize)
        let matrices = Double(work.productParameters) - vocabulary * width
        let count = Double(tokens)
        weights = 4 * parameters + 2 * number * Double(work.productParameters)
        gradients = 4 * parameters
        optimizer = kind == .adamw ? 8 * parameters : 4 * matrices + 8 * (parameters - matrices)
        let kept =
            4 * (width + Double(configuration.heads))
            + number * (attention + queries + keys + queries + (recompute == .none ? 2 * inner : 0))
        activations = count * (4 * (layers + 1) * width + kept * (recompute == .all ? 1 : layers))
        workspace = count * (4 * width + number * (attention + queries))
        workspace += count * number * (4 * width + 3 * inner + queries + attention)
        logits = min(Self.logitBytes, 4 * count * vocabulary) * (1 + number / 4)
    }
}
