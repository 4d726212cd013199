import Kernels

/// dW += dyᵀ x of one weight, cut into pieces by outputs: every number is summed by one worker over all tokens in
/// order, so nothing has to be added up afterwards.
struct WeightGradient {
    let outputGradient: Panels
    let input: Panels
    let tokens: Int
    let gradient: NumberMatrix
    /// Whose B's gradient is a part of this one.
    var adapter: AdapterWeight?

    /// Panels of inputs that a piece takes: enough to be worth the reading of one panel of gradients.
    private static let panelsOfPiece = 16

    private var columnPieces: Int { (input.count + Self.panelsOfPiece - 1) / Self.panelsOfPiece }
    var pieces: Int { (gradient.rows + 31) / 32 * columnPieces }

    func add(piece: Int) {
        let (row, column) = (piece / columnPieces, piece % columnPieces)
        let panels = column * Self.panelsOfPiece..<min(input.count, (column + 1) * Self.panelsOfPiece)
        PanelProduct.add(outputGradient, row..<row + 1, input, panels, depth: tokens, into: gradient)
    }

    /// To be called when all pieces have been added.
    func finish() { adapter?.spread() }
}
