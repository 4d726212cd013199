import Kernels

/// What one step meant for one request.
struct StepOutcome: Sendable {
    let id: SequenceID
    /// The tokens to go on with: more than one when proposals were right.
    var tokens: [Int32] = []
    /// How many proposals were.
    var accepted = 0
    var events: [GenerationEvent] = []
    var end: FinishReason?
    var embedding: [Float]?

    init(id: SequenceID) { self.id = id }
}

/// What became of one row of logits.
enum EvaluatedRow {
    case chosen(Int32, TokenScore?)
    case scored(TokenScore)
    /// The constraint allows no token; whether the answer is complete.
    case exhausted(isComplete: Bool)
    case notFinite

    struct Input {
        /// One row.
        var logits: Matrix
        var scratch: SamplingScratch
    }

    struct Hidden {
        var rows: Matrix
    }
}
