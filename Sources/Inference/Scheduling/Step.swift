package import Model

/// What to compute next: first the copies, in their order, then all runs together.
package struct Step: Sendable, Equatable {
    package struct Copy: Sendable, Equatable {
        package var source: Int32
        package var target: Int32

        package init(source: Int32, target: Int32) {
            self.source = source
            self.target = target
        }
    }

    package enum Wants: Sendable, Equatable {
        case nothing
        case lastLogits
        case allLogits
        case hiddenStates
    }

    /// The next tokens of one sequence.
    package struct Run: Sendable, Equatable {
        package var sequence: SequenceID
        package var tokens: [Int32]
        package var firstPosition: Int
        /// The pages of positions 0 ..< firstPosition + tokens.count, at least.
        package var pages: [Int32]
        package var wants: Wants
        /// It computes more than the token that was generated last.
        package var isPrefill: Bool
        package var adapters: [AdapterUse] = []
        /// How many of the tokens, the last ones, are only proposed: `Scheduler.propose`.
        package var proposals = 0
    }

    /// A sequence that begins, and how much of its prompt need not be computed.
    package struct Start: Sendable, Equatable {
        package var sequence: SequenceID
        package var promptTokens: Int
        package var cachedTokens: Int
    }

    package var copies: [Copy] = []
    package var runs: [Run] = []
    package var starts: [Start] = []

    package init() {}

    package var prefillTokens: Int { runs.reduce(0) { $0 + ($1.isPrefill ? $1.tokens.count : 0) } }
    /// Answers that go on. With proposals they may get more than one token each.
    package var decodeTokens: Int { runs.reduce(0) { $0 + ($1.isPrefill ? 0 : 1) } }
    package var proposals: Int { runs.reduce(0) { $0 + $1.proposals } }
}
