import Kernels

/// Self-attention of one layer, without the norms and the residual around it.
struct AttentionLayer: Sendable {
    let query: Projection
    let key: Projection
    let value: Projection
    let output: Projection
    let queryNorm: Norm?
    let keyNorm: Norm?
    let heads: Int
    let shape: KVStorage.Layer
    let scale: Float
    let softCap: Float?
    let window: Int?
    let style: RotaryPositions.Style

    /// A product and the bias added to it.
    struct Projection: Sendable {
        let weight: WeightMatrix
        let bias: FloatBuffer?
    }

    /// Stores keys and values of every token in `x` (normalised) and returns the output for the rows that the step
    /// keeps: all but in the last layer. The result lies in `x`'s buffer.
    func forward(_ x: Matrix, layer: Int, isLast: Bool, _ step: Step) -> Matrix {
        let (workspace, pool) = (step.workspace, step.pool)
        let queries = workspace.matrix(workspace.queries, rows: x.rows, columns: query.weight.rows)
        let keys = workspace.matrix(workspace.keys, rows: x.rows, columns: key.weight.rows)
        let values = workspace.matrix(workspace.values, rows: x.rows, columns: value.weight.rows)
        step.adapters(layer: layer, keptRows: false).multiply(
            x, by: [(query.weight, queries), (key.weight, keys), (value.weight, values)], \.attentionInput)
        for (projection, matrix) in [(query, queries), (key, keys), (value, values)] {
            if let bias = projection.bias { Operations.addBias(matrix, bias, on: pool) }
        }
        queryNorm?.applyToHeads(queries, headDim: shape.keyDim, on: pool)
        keyNorm?.applyToHeads(keys, headDim: shape.keyDim, on: pool)
        let angles = window == nil ? step.angles : step.windowAngles
        angles.rotate(queries, heads: heads, style: style, on: pool)
        angles.rotate(keys, heads: shape.kvHeads, style: style, on: pool)
        step.store(layer: layer, keys: keys, values: values)

        let kept = isLast ? step.keepRows(of: queries) : queries
        let mixed = workspace.matrix(workspace.mixed, rows: kept.rows, columns: output.weight.columns)
        Attention(cache: step.cache, layer: layer, heads: heads, scale: scale, softCap: softCap, window: window)
            .compute(isLast ? step.plan.keptRuns : step.plan.runs, queries: kept, into: mixed, on: pool)
        let result = x.rows(0..<kept.rows)
        step.adapters(layer: layer, keptRows: isLast).multiply(
            mixed, by: [(output.weight, result)], \.attentionOutput)
        if let bias = output.bias { Operations.addBias(result, bias, on: pool) }
        return result
    }
}
