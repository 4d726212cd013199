import Kernels

/// The low-rank matrices beside one frozen weight: y = x Wᵀ + s (x Aᵀ) Bᵀ, dh = s dy B, dx = dy W + dh A,
/// dA = dhᵀ x, dB = s dyᵀ h with h = x Aᵀ (Hu et al., 2021).
///
/// Matrices that read the same input share one product: their A's lie one below the other, their B's on a diagonal.
///
///     A: | q.A |  ranks       B: | q.B           |  rows of q
///        | k.A |                 |      k.B      |  rows of k
///        | v.A |                 |           v.B |  rows of v
struct AdapterWeight: Sendable {
    /// A matrix of the weight that is adapted.
    struct Part: Sendable {
        /// Of the weight.
        let rows: Range<Int>
        /// Of all ranks.
        let ranks: Range<Int>
        /// rows x rank
        let b: NumberMatrix
        let bGradient: NumberMatrix
    }

    /// All ranks rounded up to whole panels.
    let room: Int
    let scale: Float
    /// All ranks x columns.
    let a: NumberMatrix
    let aGradient: NumberMatrix
    let parts: [Part]
    /// x Aᵀ: lanes are ranks.
    let down: Panels
    /// dy (s B): lanes are ranks.
    let up: Panels
    /// s B, where it is not a part of W's panels: lanes are W's rows.
    let side: Panels?
    /// dh A, where noise keeps it from being a part of W's product; lanes are A's columns.
    let columns: Panels?
    /// Which noise is this weight's.
    let number: UInt64
    let scratch: AdapterScratch

    /// Nil when none of the group's matrices is adapted.
    init?(
        _ group: WeightGroup, layer: Int, _ settings: AdapterSettings, _ shape: Shape, _ layout: ParameterLayout,
        parameters: FloatBuffer, gradients: FloatBuffer, scratch: AdapterScratch?, precision: Precision,
        isBesideQuantized: Bool
    ) throws(KernelsError) {
        guard let scratch else { return nil }
        var (parts, ranks, first): ([Part], Int, Int) = ([], 0, 0)
        var offset: Int?
        for (target, rows) in zip(group.targets, group.rows(shape)) {
            defer { first += rows }
            guard settings.targets.contains(target) else { continue }
            offset = offset ?? layout.entry(ParameterLayout.name(target, layer: layer, isA: true)).offset
            let place = layout.entry(ParameterLayout.name(target, layer: layer, isA: false)).offset
            func matrix(_ buffer: FloatBuffer) -> NumberMatrix {
                NumberMatrix(buffer, offset: place, rows: rows, columns: settings.rank)
            }
            parts.append(
                Part(
                    rows: first..<first + rows, ranks: ranks..<ranks + settings.rank, b: matrix(parameters),
                    bGradient: matrix(gradients)))
            ranks += settings.rank
        }
        let columns = group.columns(shape)
        self.parts = parts
        self.scratch = scratch
        room = scratch.room
        scale = settings.scale
        a = NumberMatrix(parameters, offset: offset ?? 0, rows: ranks, columns: columns)
        aGradient = NumberMatrix(gradients, offset: offset ?? 0, rows: ranks, columns: columns)
        down = try Panels(lanes: room, depth: columns, precision: precision)
        up = try Panels(lanes: room, depth: first, precision: precision)
        side = isBesideQuantized ? try Panels(lanes: first, depth: room, precision: precision) : nil
        self.columns = settings.dropout > 0 ? try Panels(lanes: columns, depth: room, precision: precision) : nil
        number = UInt64(layer * WeightGroup.allCases.count + group.rawValue)
    }

    /// Packs A and B, and writes B into the frozen weight's panels, beside W, where it has some.
    func pack(into forward: Panels?) {
        let wide = scratch.wide
        wide.zero()
        for part in parts {
            OptimizerOperations.blend(wide.rows(part.rows).columns(part.ranks), 1, part.b, scale)
        }
        down.pack(rowsOf: a, 0..<a.rows)
        up.pack(columnsOf: wide, at: 0)
        forward?.pack(rowsOf: wide, 0..<wide.rows, at: a.columns)
        side?.pack(rowsOf: wide, 0..<wide.rows)
        columns?.pack(columnsOf: a, at: 0)
    }

    /// Writes A into the frozen weight's panels of columns, below W.
    func packBack(into backward: Panels) {
        if columns == nil { backward.pack(columnsOf: a, at: scratch.wide.rows) }
    }

    /// x Aᵀ into the columns of x beyond the weight's.
    func project(_ x: NumberMatrix, columns: Int, _ noise: AdapterNoise?) {
        var input = x.columns(0..<columns)
        if let noise { input = noise.drop(input, number) }
        PanelProduct.multiply(input, by: down, into: x.columns(columns..<columns + room))
    }

    /// s dy B into the columns of dy beyond the weight's rows.
    func projectBack(_ dy: NumberMatrix, rows: Int) {
        PanelProduct.multiply(dy.columns(0..<rows), by: up, into: dy.columns(rows..<rows + room))
    }

    /// dx += dh A for the numbers of x that A saw.
    func addDropped(_ dy: NumberMatrix, rows: Int, to dx: NumberMatrix, _ noise: AdapterNoise) {
        guard let columns else { return }
        let slope = noise.slope.rows(0..<dx.rows).columns(0..<dx.columns)
        PanelProduct.multiply(dy.columns(rows..<rows + room), by: columns, into: slope)
        TrainingOperations.addDropped(slope, noise.dropout(number), first: noise.first, to: dx)
    }

    /// Packs a block's factors x and h; x as the product left it, with its further columns.
    func packInput(_ x: NumberMatrix, columns: Int, at first: Int, _ noise: AdapterNoise?) {
        let input = x.columns(0..<columns)
        scratch.input.pack(columnsOf: noise.map { $0.drop(input, number) } ?? input, at: first)
        scratch.inner.pack(columnsOf: x.columns(columns..<columns + room), at: first)
    }

    /// Packs a block's factors dy and dh.
    func packOutputGradient(_ dy: NumberMatrix, rows: Int, at first: Int) {
        scratch.outputGradient.pack(columnsOf: dy.columns(0..<rows), at: first)
        scratch.innerGradient.pack(columnsOf: dy.columns(rows..<rows + room), at: first)
    }

    /// dA, and all of dyᵀ h, of which `spread` takes the blocks on the diagonal.
    func gradients(tokens: Int) -> [WeightGradient] {
        scratch.product.zero()
        return [
            WeightGradient(
                outputGradient: scratch.innerGradient, input: scratch.input, tokens: tokens, gradient: aGradient),
            WeightGradient(
                outputGradient: scratch.outputGradient, input: scratch.inner, tokens: tokens, gradient: scratch.product,
                adapter: self),
        ]
    }

    /// dB += s times its block of dyᵀ h.
    func spread() {
        for part in parts {
            OptimizerOperations.blend(part.bGradient, 1, scratch.product.rows(part.rows).columns(part.ranks), scale)
        }
    }
}
