import Kernels

/// Rows of a step that the same adapters change.
struct AdaptedRows {
    let uses: [AdapterUse]
    var rows: Range<Int>
}

/// The adapters of a step's rows in one layer.
///
/// A row's bits do not depend on what other rows ask for: each product is summed in one order, whatever the number of
/// rows, and rows without an adapter are not touched.
struct LayerAdapters {
    let adapted: [AdaptedRows]
    let layer: Int
    let workspace: Workspace
    let pool: WorkerPool

    /// For what no adapter changes: experts.
    static func none(_ workspace: Workspace, _ pool: WorkerPool) -> LayerAdapters {
        LayerAdapters(adapted: [], layer: 0, workspace: workspace, pool: pool)
    }

    /// Products of one input, and to each what the adapters add.
    ///
    /// - Precondition: the outputs do not overlap `x`.
    func multiply(_ x: Matrix, by products: [(WeightMatrix, Matrix)], _ place: AdapterLayer.Place) {
        guard !adapted.isEmpty else { return WeightMatrix.multiply(x, by: products, on: pool) }
        let outputs = products.map(\.1)
        // One adapter for all rows, as when somebody is alone: its first product joins the region of the weights'.
        if adapted.count == 1, adapted[0].rows.count == x.rows {
            let terms = terms(of: adapted[0], place)
            WeightMatrix.multiply(x, by: products + terms.map { ($0.group.a, $0.inner) }, on: pool)
            return add(terms, to: outputs)
        }
        WeightMatrix.multiply(x, by: products, on: pool)
        for part in adapted {
            let terms = terms(of: part, place)
            let input = x.rows(part.rows)
            WeightMatrix.multiply(terms.map { WeightMatrix.Product(input, $0.group.a, into: $0.inner) }, on: pool)
            add(terms, to: outputs.map { $0.rows(part.rows) })
        }
    }

    /// One adapter's share, with room for x Aᵀ.
    private struct Term {
        let group: AdapterGroup
        let scale: Float
        let inner: Matrix
    }

    private func terms(of part: AdaptedRows, _ place: AdapterLayer.Place) -> [Term] {
        let groups = part.uses.compactMap { use in
            use.adapter.layers[layer][keyPath: place].map { ($0, use.scale) }
        }
        let ranks = groups.reduce(0) { $0 + $1.0.a.rows }
        let buffer = workspace.adapterInner(count: part.rows.count * ranks)
        var offset = 0
        return groups.map { group, scale in
            let inner = Matrix(buffer: buffer, offset: offset, rows: part.rows.count, columns: group.a.rows)
            offset += part.rows.count * group.a.rows
            return Term(group: group, scale: scale, inner: inner)
        }
    }

    private func add(_ terms: [Term], to outputs: [Matrix]) {
        var pieces: [(output: Matrix, input: Matrix, b: WeightMatrix)] = []
        for term in terms {
            for part in term.group.parts {
                let input = term.inner.columns(part.ranks)
                Operations.scale(input, by: part.factor * term.scale)
                pieces.append((outputs[part.product], input, part.b))
            }
        }
        let buffer = workspace.adapterSums(count: pieces.reduce(0) { $0 + $1.output.rows * $1.output.columns })
        var offset = 0
        var sums: [Matrix] = []
        for piece in pieces {
            sums.append(
                Matrix(buffer: buffer, offset: offset, rows: piece.output.rows, columns: piece.output.columns))
            offset += piece.output.rows * piece.output.columns
        }
        WeightMatrix.multiply(
            zip(pieces, sums).map { WeightMatrix.Product($0.input, $0.b, into: $1) }, on: pool)
        for (piece, sum) in zip(pieces, sums) { Operations.add(piece.output, sum, on: pool) }
    }
}
