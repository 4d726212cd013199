import Kernels

/// What all layers share while a step runs.
struct Step {
    let plan: StepPlan
    let cache: KVStorage
    let workspace: Workspace
    let pool: WorkerPool
    let angles: RotaryPositions
    /// In layers with a window.
    let windowAngles: RotaryPositions

    /// Tokens whose keys and values one worker stores at a time.
    private static let storeTokens = 64

    /// Stores a row a token.
    func store(layer: Int, keys: Matrix, values: Matrix) {
        let pieces = plan.runs.flatMap { run in
            stride(from: 0, to: run.tokens, by: Self.storeTokens).map { (run, $0) }
        }
        let storePiece = { (piece: Int) in
            let (run, first) = pieces[piece]
            let rows = run.firstRow + first..<run.firstRow + min(run.tokens, first + Self.storeTokens)
            cache.store(
                layer: layer, pages: run.pages, firstPosition: run.firstPosition + first, keys: keys.rows(rows),
                values: values.rows(rows))
        }
        if keys.rows < Self.storeTokens {
            pieces.indices.forEach(storePiece)
        } else {
            pool.forEach(count: pieces.count) { piece, _ in storePiece(piece) }
        }
    }

    /// - Parameter keptRows: of the rows that the last layer keeps.
    func adapters(layer: Int, keptRows: Bool) -> LayerAdapters {
        LayerAdapters(
            adapted: keptRows ? plan.keptAdapted : plan.adapted, layer: layer, workspace: workspace, pool: pool)
    }

    /// Moves the rows that the last layer keeps to the front and returns them.
    func keepRows(of x: Matrix) -> Matrix {
        for (target, source) in plan.keptRows.enumerated() where target != source {
            x.rows(target..<target + 1).assign(x.rows(source..<source + 1))
        }
        return x.rows(0..<plan.keptRows.count)
    }
}
