public import Kernels

/// What a step computed. The matrices are views into the workspace, valid until its next step.
public struct StepOutput: Sendable {
    /// vocabularySize columns; the rows of the runs that want logits, where `rows(ofRun:)` says.
    public var logits: Matrix
    /// embeddingDim columns; the rows of the runs that want hidden states, where `rows(ofRun:)` says.
    public var hidden: Matrix
    let ranges: [Range<Int>]

    /// Where a run's rows are: in `logits` or `hidden`, whichever it wants. Empty when it wants nothing.
    public func rows(ofRun run: Int) -> Range<Int> { ranges[run] }
}
