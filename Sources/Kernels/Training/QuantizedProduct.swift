import CKernels

/// Products of training with weights that stay quantised, as serving makes them: activations rounded to int8 in blocks
/// of 32, sums in integers within a block. Each is computed by the calling worker; regions are cut by who calls.
///
///     let product = QuantizedProduct([queries, keys, values])
///     product.multiply(x, into: y, scratch: scratch)      // y = x [queries; keys; values]ᵀ
///
/// On processors with VNNI they are about twice as fast as bf16 products, and what a model learns from is what it will
/// compute when it is served.
package struct QuantizedProduct: Sendable {
    /// A matrix and the column of the product where its rows begin.
    private let parts: [(weight: WeightMatrix, first: Int)]
    package let rows: Int
    package let depth: Int

    /// What an adapter adds: columns of its inner values times its panels, whose lanes are this product's columns.
    package struct Side {
        let inner: NumberMatrix
        let panels: Panels

        package init(inner: NumberMatrix, panels: Panels) {
            self.inner = inner
            self.panels = panels
        }
    }

    /// Rows of all weights one below the other.
    ///
    /// - Precondition: quantised types, packed, of the same columns; all but the last have whole panels of rows.
    package init(_ weights: [WeightMatrix]) {
        var (parts, rows): ([(WeightMatrix, Int)], Int) = ([], 0)
        for weight in weights {
            precondition(!weight.type.isFloat && weight.packing == .packed && weight.columns == weights[0].columns)
            precondition(rows % Panels.lanesOfPanel == 0, "\(rows) rows before another weight")
            parts.append((weight, rows))
            rows += weight.rows
        }
        (self.parts, self.rows, depth) = (parts, rows, weights[0].columns)
    }

    package var bytes: Int { parts.reduce(0) { $0 + $1.weight.packedBytes } }

    /// y = x Wᵀ, plus what an adapter adds, plus `base`. Columns of y beyond the weights' rows stay as they are.
    ///
    /// - Precondition: x is bf16 and within the scratch; y has room for all rows; a base is fp32 as y is, and may be y.
    package func multiply(
        _ x: NumberMatrix, into y: NumberMatrix, adding base: NumberMatrix? = nil, side: Side? = nil,
        scratch: QuantizedScratch
    ) {
        precondition(x.columns == depth && y.rows == x.rows && y.columns >= rows, "\(x.shape) into \(y.shape)")
        precondition(base.map { $0.rows == y.rows && $0.columns == y.columns && y.precision == .fp32 } ?? true)
        var activations = scratch.round(x, for: parts.map(\.weight))
        // Nothing else is to be added where sums may lie in y at once.
        let isDirect = y.precision == .fp32 && base == nil
        for (weight, first) in parts {
            for row in stride(from: 0, to: weight.rows, by: QuantizedScratch.rowsOfPiece) {
                let piece = row..<min(weight.rows, row + QuantizedScratch.rowsOfPiece)
                let columns = first + piece.lowerBound..<first + piece.upperBound
                let out = isDirect ? y.columns(columns) : scratch.sums(x.rows, piece.count)
                Self.multiply(&activations, weight, piece, into: out, scratch)
                if let side {
                    PanelProduct.multiply(
                        side.inner, by: side.panels, lanes: columns, into: out, adding: out)
                }
                if !isDirect { Self.store(out, into: y.columns(columns), adding: base?.columns(columns)) }
            }
        }
    }

    /// Rows of one weight: groups follow one another, so that some of them are a matrix too.
    private static func multiply(
        _ activations: inout dk_activations, _ weight: WeightMatrix, _ rows: Range<Int>, into out: NumberMatrix,
        _ scratch: QuantizedScratch
    ) {
        let groups = (weight.rows + WeightMatrix.groupRows - 1) / WeightMatrix.groupRows
        let groupBytes = weight.packedBytes / groups
        withUnsafePointer(to: activations) { activations in
            var product = dk_product(
                type: weight.type.rawValue,
                packed: weight.packedPointer.map { $0 + rows.lowerBound / WeightMatrix.groupRows * groupBytes },
                file: nil, rows: Int64(rows.count), depth: Int64(weight.columns), activations: activations, input: nil,
                input_stride: 0, columns: Int64(out.rows), output: out.floats, output_stride: Int64(out.stride))
            Kernels.table.pointee.multiply(
                &product, 0, Int64((rows.count + WeightMatrix.groupRows - 1) / WeightMatrix.groupRows), 0,
                Int64(out.rows), scratch.kernels)
        }
    }

    private static func store(_ sums: NumberMatrix, into y: NumberMatrix, adding base: NumberMatrix?) {
        if let base { OptimizerOperations.blend(sums, 1, base, 1) }
        TrainingOperations.convert(sums, into: y)
    }
}
