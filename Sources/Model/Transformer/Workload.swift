import Kernels

/// What one token costs at least: multiplications with weights, and the bytes of weights that are read for them.
public struct Workload: Sendable, Equatable {
    /// Multiply-adds with quantised weights, the head's not among them.
    public var integerMultiplyAdds = 0.0
    /// Multiply-adds with float weights, the head's not among them.
    public var floatMultiplyAdds = 0.0
    /// Of the head, which only tokens with logits need.
    public var headMultiplyAdds = 0.0
    public var headIsFloat = false
    /// Of everything, the head too.
    public var weightBytes = 0.0
    /// Multiply-adds of attention with one earlier position, all layers.
    public var attentionMultiplyAdds = 0.0

    public init() {}

    /// - Parameter share: how much of the matrix's work falls on one token on average (experts).
    mutating func add(_ matrix: WeightMatrix, share: Double = 1) {
        let products = Double(matrix.rows) * Double(matrix.columns) * share
        if matrix.type.isFloat { floatMultiplyAdds += products } else { integerMultiplyAdds += products }
        weightBytes += Double(matrix.packedBytes) * share
    }
}

extension Transformer {
    /// The least work a token takes.
    public var workload: Workload {
        var work = Workload()
        for block in blocks { block.add(to: &work) }
        work.headMultiplyAdds = Double(head.rows) * Double(head.columns)
        work.headIsFloat = head.type.isFloat
        work.weightBytes += Double(head.packedBytes)
        let shape = configuration
        work.attentionMultiplyAdds = Double(shape.layers * shape.heads * (shape.keyDim + shape.valueDim))
        return work
    }
}

extension Block {
    fileprivate func add(to work: inout Workload) {
        for projection in [attention.query, attention.key, attention.value, attention.output] {
            work.add(projection.weight)
        }
        switch feedForward {
        case .dense(let dense): dense.add(to: &work)
        case .experts(let experts):
            work.add(experts.router)
            let share = Double(experts.configuration.used) / Double(max(1, experts.gates.count))
            for matrix in experts.gates + experts.ups + experts.downs { work.add(matrix, share: share) }
            experts.shared?.feedForward.add(to: &work)
        }
    }
}

extension DenseFeedForward {
    fileprivate func add(to work: inout Workload) {
        for matrix in [gate, up, down] { work.add(matrix) }
    }
}
