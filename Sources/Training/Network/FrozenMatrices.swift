import Kernels

/// Makes a frozen base's matrices: in which form they are computed with, and which layers share their panels.
struct FrozenMatrices {
    /// Products forward are the serving kernels'.
    let isQuantized: Bool
    let headName: String
    let head: PackedWeight
    /// Layers below this one share their panels.
    let shared: Int
    private let shape: Shape
    private let adapted: FrozenWeights.Adapted
    private let precision: Precision
    /// By layer, then by group; none where both directions have panels.
    private let products: [PackedWeight.Forward]
    /// By group: the panels of the layers that share theirs. Forward none of quantised weights.
    private let common: [(forward: PackedWeight.Forward?, backward: Panels)]

    /// - Parameter panelBytesMax: as with `FrozenWeights`.
    init(
        _ base: BaseModel, _ shape: Shape, _ adapted: FrozenWeights.Adapted, precision: Precision, panelBytesMax: Int,
        on pool: WorkerPool
    ) throws(KernelsError) {
        (self.shape, self.adapted, self.precision) = (shape, adapted, precision)
        isQuantized = precision == .bf16 && base.isQuantized
        headName = base.configuration.tiesEmbeddings == false ? "lm_head.weight" : "model.embed_tokens.weight"
        let (vocabulary, width) = (shape.vocabularySize, shape.width)
        func quantized(_ names: [String]) throws(KernelsError) -> PackedWeight.Forward {
            .quantized(
                QuantizedProduct(try names.map { name throws(KernelsError) in try base.packed(name, on: pool) }))
        }
        head = PackedWeight(
            rows: vocabulary, columns: width,
            forward: isQuantized
                ? try quantized([headName])
                : .panels(try Panels(lanes: vocabulary, depth: width, precision: precision)),
            backward: try PackedWeight.backward(rows: vocabulary, columns: width, room: 0, precision), adapter: nil)
        var products: [PackedWeight.Forward] = []
        if isQuantized {
            for layer in 0..<shape.layers {
                for group in WeightGroup.allCases { products.append(try quantized(group.names(layer: layer))) }
            }
        }
        var common: [(forward: PackedWeight.Forward?, backward: Panels)] = []
        for group in WeightGroup.allCases {
            common.append(
                (
                    isQuantized ? nil : .panels(try Self.forward(group, shape, adapted, precision)),
                    try Self.backward(group, shape, adapted, precision)
                ))
        }
        (self.products, self.common) = (products, common)
        shared = Self.shared(
            shape.layers, panelBytesMax,
            always: head.forward.bytes + head.backward.bytes + products.reduce(0) { $0 + $1.bytes }
                + common.reduce(0) { $0 + $1.backward.bytes },
            each: common.reduce(0) { $0 + ($1.forward?.bytes ?? $1.backward.bytes) })
    }

    /// With room for all of them nothing is made twice, and the common ones are the first layer's.
    private static func shared(_ layers: Int, _ panelBytesMax: Int, always: Int, each: Int) -> Int {
        let kept = max(0, panelBytesMax - always) / each
        return kept >= layers ? 1 : layers - max(0, kept - 1)
    }

    /// With B beside W.
    private static func forward(
        _ group: WeightGroup, _ shape: Shape, _ adapted: FrozenWeights.Adapted, _ precision: Precision
    ) throws(KernelsError) -> Panels {
        try Panels(
            lanes: group.rows(shape).reduce(0, +),
            depth: group.columns(shape) + (adapted.scratch[group]?.room ?? 0), precision: precision)
    }

    /// With A below W.
    private static func backward(
        _ group: WeightGroup, _ shape: Shape, _ adapted: FrozenWeights.Adapted, _ precision: Precision
    ) throws(KernelsError) -> Panels {
        try PackedWeight.backward(
            rows: group.rows(shape).reduce(0, +), columns: group.columns(shape),
            room: adapted.scratch[group]?.room ?? 0, precision)
    }

    /// With its adapter.
    func weight(_ group: WeightGroup, layer: Int) throws(KernelsError) -> PackedWeight {
        let isOwn = layer >= shared
        var (forward, backward) = common[group.rawValue]
        if isQuantized {
            forward = products[layer * WeightGroup.allCases.count + group.rawValue]
            if isOwn { backward = try Self.backward(group, shape, adapted, precision) }
        } else if isOwn {
            forward = .panels(try Self.forward(group, shape, adapted, precision))
        }
        guard let forward else { preconditionFailure("a group without a product") }
        return PackedWeight(
            rows: group.rows(shape).reduce(0, +), columns: group.columns(shape), forward: forward, backward: backward,
            adapter: try AdapterWeight(
                group, layer: layer, adapted.settings, shape, adapted.layout, parameters: adapted.parameters,
                gradients: adapted.gradients, scratch: adapted.scratch[group], precision: precision,
                isBesideQuantized: isQuantized))
    }
}
