import Kernels

/// One layer: attention and feed-forward, each with its norms and its place in the residual stream.
struct Block: Sendable {
    let attentionNorm: Norm
    let attention: AttentionLayer
    let postAttentionNorm: Norm?
    let feedForwardNorm: Norm
    let feedForward: FeedForward
    let postFeedForwardNorm: Norm?

    enum FeedForward: Sendable {
        case dense(DenseFeedForward)
        case experts(ExpertFeedForward)
    }

    /// Adds to the residual stream `x` in place. The last layer returns only the rows that the step keeps, moved
    /// to the front; none when it keeps none.
    func forward(_ x: Matrix, layer: Int, isLast: Bool, _ step: Step) -> Matrix {
        let (workspace, pool) = (step.workspace, step.pool)
        let normed = workspace.matrix(workspace.normed, rows: x.rows, columns: x.columns)
        attentionNorm.apply(x, into: normed, on: pool)
        let attended = attention.forward(normed, layer: layer, isLast: isLast, step)
        guard attended.rows > 0 else { return x.rows(0..<0) }
        postAttentionNorm?.apply(attended, into: attended, on: pool)
        let x = isLast ? step.keepRows(of: x) : x
        Operations.add(x, attended, on: pool)

        let input = normed.rows(0..<x.rows)
        feedForwardNorm.apply(x, into: input, on: pool)
        let output: Matrix
        switch feedForward {
        case .dense(let dense):
            output = input
            dense.forward(input, into: output, step.adapters(layer: layer, keptRows: isLast))
        case .experts(let experts):
            output = workspace.matrix(workspace.expertSum, rows: x.rows, columns: x.columns)
            experts.forward(input, into: output, workspace, on: pool)
        }
        postFeedForwardNorm?.apply(output, into: output, on: pool)
        Operations.add(x, output, on: pool)
        return x
    }
}
