import Kernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The logarithms of a row's softmax: log p(t) = x(t) - max x - log Σ exp(x - max x). Absolute error below 1e-5.
///
/// The row itself may change afterwards; the scratch keeps a copy until it is used again.
package struct LogProbabilities {
    private let raw: Matrix
    /// max x + log Σ exp(x - max x)
    private let logSum: Float
    private let alternatives: [TokenScore.Alternative]

    /// - Parameters:
    ///   - logits: one row, finite.
    ///   - alternatives: how many of the most probable tokens to report.
    package init(_ logits: Matrix, alternatives count: Int, scratch: SamplingScratch) {
        raw = scratch.row
        let best = logits.withRow(0) { Row.argmax($0) }
        scratch.row.assign(logits)
        Operations.softmax(scratch.row)
        let sum = logits[0, best] - logf(scratch.row[0, best])
        logSum = sum
        guard count > 0 else {
            alternatives = []
            scratch.row.assign(logits)
            return
        }
        let top = Candidates(probabilities: scratch.row, keeping: .count(count))
        // By logits: probabilities that are too small for a float are all the same.
        alternatives = top.keys.map(Selection.token).sorted {
            (logits[0, Int($0)], -$0) > (logits[0, Int($1)], -$1)
        }.map { TokenScore.Alternative(id: $0, logProbability: logits[0, Int($0)] - sum) }
        scratch.row.assign(logits)
    }

    /// - Precondition: the scratch was not used since.
    package func score(of token: Int32) -> TokenScore {
        TokenScore(id: token, logProbability: raw[0, Int(token)] - logSum, alternatives: alternatives)
    }
}
