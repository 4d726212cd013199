import Kernels

/// Memory for the adapters of one of a layer's products: layers use it in turn.
final class AdapterScratch: Sendable {
    /// Ranks of the group's matrices together, rounded up to whole panels.
    let room: Int
    /// rows x room, fp32: B's on the diagonal while they are packed.
    let wide: NumberMatrix
    /// rows x room, fp32: dyᵀ h.
    let product: NumberMatrix
    /// Factors of gradients: units run along the tokens.
    let input: Panels
    let inner: Panels
    let outputGradient: Panels
    let innerGradient: Panels
    private let memory: MatrixMemory

    /// Nil when none of the group's matrices is adapted.
    init?(_ group: WeightGroup, _ settings: AdapterSettings, _ shape: Shape, precision: Precision)
        throws(KernelsError)
    {
        let ranks = group.targets.count(where: settings.targets.contains) * settings.rank
        guard ranks > 0 else { return nil }
        let (rows, inputs) = (group.rows(shape).reduce(0, +), group.columns(shape))
        room = (ranks + 31) / 32 * 32
        var memory = MatrixMemory()
        func factor(_ lanes: Int) throws(KernelsError) -> Panels {
            try Panels(lanes: lanes, depth: shape.tokens, precision: precision)
        }
        wide = try memory.matrix(rows, room, .fp32)
        product = try memory.matrix(rows, room, .fp32)
        (input, inner) = (try factor(inputs), try factor(room))
        (outputGradient, innerGradient) = (try factor(rows), try factor(room))
        self.memory = memory
    }
}
