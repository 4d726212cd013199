import Kernels

/// What the engine needs of a model: a transformer in life, a small stand-in in tests of the engine.
///
/// Used by the engine's thread alone.
package protocol StepRunner: AnyObject, Sendable {
    var vocabularySize: Int { get }
    /// Columns of hidden states.
    var hiddenDim: Int { get }
    /// Workers of `forEach`.
    var workers: Int { get }

    func copyPage(from source: Int32, to target: Int32)
    /// Computes the runs together. The rows are valid until the next call, and may be changed.
    func run(_ runs: [Step.Run]) -> StepRows
    /// Calls `body` for 0..<count on whatever worker is free.
    func forEach(count: Int, _ body: (_ item: Int, _ worker: Int) -> Void)
    /// Calls `body` once on every worker's own thread.
    func onEachWorker(_ body: () -> Void)
}

extension StepRunner {
    package func onEachWorker(_ body: () -> Void) { body() }
}

/// The rows that a step's runs wanted.
package struct StepRows {
    package var logits: Matrix
    package var hidden: Matrix
    /// For each run, its rows of `logits` or of `hidden`.
    package var ranges: [Range<Int>]

    package init(logits: Matrix, hidden: Matrix, ranges: [Range<Int>]) {
        self.logits = logits
        self.hidden = hidden
        self.ranges = ranges
    }
}
