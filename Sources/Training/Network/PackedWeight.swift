import Kernels

/// A weight in the flat buffers, with its packed copies for both directions.
///
///     y = x Wᵀ      uses `forward`   (lanes are W's rows)
///     dx = dy W     uses `backward`  (lanes are W's columns)
///     dW += dyᵀ x   goes to `gradient`
struct PackedWeight: Sendable {
    let weight: NumberMatrix
    let gradient: NumberMatrix
    let forward: Panels
    let backward: Panels

    /// `names` stand side by side in the layout: their rows are one matrix.
    init(
        _ names: [String], _ layout: ParameterLayout, parameters: FloatBuffer, gradients: FloatBuffer,
        precision: Precision
    ) throws(KernelsError) {
        let entries = names.map(layout.entry)
        let (rows, columns) = (entries.reduce(0) { $0 + $1.shape[0] }, entries[0].shape[1])
        let offset = entries[0].offset
        weight = NumberMatrix(parameters, offset: offset, rows: rows, columns: columns)
        gradient = NumberMatrix(gradients, offset: offset, rows: rows, columns: columns)
        forward = try Panels(lanes: rows, depth: columns, precision: precision)
        // Terms are whole panels of the other direction, so that padded outputs are factors as they are.
        backward = try Panels(lanes: columns, depth: forward.lanes, precision: precision)
    }

    /// Rows that one piece of packing takes.
    private static let rowsOfPiece = 64

    var packingPieces: Int { (weight.rows + Self.rowsOfPiece - 1) / Self.rowsOfPiece }

    func pack(piece: Int) {
        let rows = piece * Self.rowsOfPiece..<min(weight.rows, (piece + 1) * Self.rowsOfPiece)
        forward.pack(rowsOf: weight, rows)
        backward.pack(columnsOf: weight.rows(rows), at: rows.lowerBound)
    }
}
