import Kernels

/// A weight as products read it, packed for both directions; trained itself, or frozen with an adapter beside it.
///
///     y = x Wᵀ      uses `forward`   (lanes are W's rows)
///     dx = dy W     uses `backward`  (lanes are W's columns)
///     dW += dyᵀ x   goes to `gradient`
///
/// An adapter's matrices are further terms of the same sums: its `room` more columns of x and of dy hold what its small
/// products give, and the panels hold B and A for them.
///
///     y = [x | x Aᵀ] [W | s B]ᵀ         dx = [dy | s dy B] [W ; A]
///
/// Where W stays quantised, y is the sum of two products: x Wᵀ and (x Aᵀ)(s B)ᵀ.
struct PackedWeight: Sendable {
    /// How y is made.
    enum Forward: Sendable {
        case panels(Panels)
        /// A frozen weight as its file has it; the adapter's part is a product of its own.
        case quantized(QuantizedProduct)

        var panels: Panels? { if case .panels(let panels) = self { panels } else { nil } }

        var bytes: Int {
            switch self {
            case .panels(let panels): panels.bytes
            case .quantized(let product): product.bytes
            }
        }
    }

    let rows: Int
    let columns: Int
    let forward: Forward
    let backward: Panels
    /// Where the numbers lie when the weight is trained itself, and its gradient.
    let trained: (weight: NumberMatrix, gradient: NumberMatrix)?
    let adapter: AdapterWeight?

    /// `names` stand side by side in the layout: their rows are one matrix.
    init(
        _ names: [String], _ layout: ParameterLayout, parameters: FloatBuffer, gradients: FloatBuffer,
        precision: Precision
    ) throws(KernelsError) {
        let entries = names.map(layout.entry)
        (rows, columns) = (entries.reduce(0) { $0 + $1.shape[0] }, entries[0].shape[1])
        let offset = entries[0].offset
        trained = (
            NumberMatrix(parameters, offset: offset, rows: rows, columns: columns),
            NumberMatrix(gradients, offset: offset, rows: rows, columns: columns)
        )
        adapter = nil
        forward = .panels(try Panels(lanes: rows, depth: columns, precision: precision))
        backward = try Self.backward(rows: rows, columns: columns, room: 0, precision)
    }

    /// A frozen weight, whose panels somebody else fills.
    init(rows: Int, columns: Int, forward: Forward, backward: Panels, adapter: AdapterWeight?) {
        self.rows = rows
        self.columns = columns
        self.forward = forward
        self.backward = backward
        trained = nil
        self.adapter = adapter
    }

    /// - Parameter room: terms beyond the weight's own.
    static func backward(
        rows: Int, columns: Int, room: Int, _ precision: Precision
    ) throws(KernelsError) -> Panels {
        // Terms are whole panels of the other direction, so that padded outputs are factors as they are.
        try Panels(lanes: columns, depth: padded(rows) + room, precision: precision)
    }

    /// Rows rounded up to whole panels.
    private static func padded(_ rows: Int) -> Int {
        (rows + Panels.lanesOfPanel - 1) / Panels.lanesOfPanel * Panels.lanesOfPanel
    }

    var gradient: NumberMatrix? { trained?.gradient }
    /// Columns that x and dy have beyond the weight's own.
    var room: Int { adapter?.room ?? 0 }

    /// y = x Wᵀ, or base + x Wᵀ. Columns of x beyond the weight's are written.
    ///
    /// - Parameter scratch: the worker's, where weights stay quantised.
    func multiply(
        _ x: NumberMatrix, into y: NumberMatrix, adding base: NumberMatrix? = nil, _ noise: AdapterNoise?,
        _ scratch: QuantizedScratch?
    ) {
        adapter?.project(x, columns: columns, noise)
        switch forward {
        case .panels(let panels):
            PanelProduct.multiply(x.columns(0..<columns + room), by: panels, into: y, adding: base)
        case .quantized(let product):
            guard let scratch else { preconditionFailure("quantised weights and no memory for their products") }
            let side = adapter.flatMap { adapter in
                adapter.side.map {
                    QuantizedProduct.Side(inner: x.columns(columns..<columns + adapter.room), panels: $0)
                }
            }
            product.multiply(x.columns(0..<columns), into: y, adding: base, side: side, scratch: scratch)
        }
    }

    /// dx = dy W. Columns of dy beyond the weight's rows are written.
    func multiplyBack(_ dy: NumberMatrix, into dx: NumberMatrix, _ noise: AdapterNoise?) {
        adapter?.projectBack(dy, rows: rows)
        PanelProduct.multiply(dy.columns(0..<Self.padded(rows) + room), by: backward, into: dx)
        if let noise { adapter?.addDropped(dy, rows: rows, to: dx, noise) }
    }

    /// A block's factor x of the gradient, `x` as the product left it; `isProjected` says whether it has what the
    /// adapter's product gives.
    func packInput(
        _ x: NumberMatrix, isProjected: Bool, at first: Int, _ factor: Panels?, _ noise: AdapterNoise?
    ) {
        if let adapter {
            if !isProjected { adapter.project(x, columns: columns, noise) }
            adapter.packInput(x, columns: columns, at: first, noise)
        }
        factor?.pack(columnsOf: x.columns(0..<columns), at: first)
    }

    /// A block's factor dy, as the product on the way back left it.
    func packOutputGradient(_ dy: NumberMatrix, at first: Int, _ factor: Panels?) {
        adapter?.packOutputGradient(dy, rows: rows, at: first)
        factor?.pack(columnsOf: dy.columns(0..<rows), at: first)
    }

    /// What is to be added up over all tokens, from the factors.
    func gradients(outputGradient: Panels?, input: Panels?, tokens: Int) -> [WeightGradient] {
        if let adapter { return adapter.gradients(tokens: tokens) }
        guard let gradient, let outputGradient, let input else { return [] }
        return [WeightGradient(outputGradient: outputGradient, input: input, tokens: tokens, gradient: gradient)]
    }

    /// Rows that one piece of packing takes.
    private static let rowsOfPiece = 64

    var packingPieces: Int { (rows + Self.rowsOfPiece - 1) / Self.rowsOfPiece }

    /// From the trained numbers.
    func pack(piece: Int) {
        guard let weight = trained?.weight else { return }
        let rows = piece * Self.rowsOfPiece..<min(weight.rows, (piece + 1) * Self.rowsOfPiece)
        forward.panels?.pack(rowsOf: weight, rows)
        backward.pack(columnsOf: weight.rows(rows), at: rows.lowerBound)
    }
}
