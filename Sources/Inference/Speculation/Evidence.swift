/// What speaks for a proposal.
package enum Evidence: Sendable, Equatable {
    /// The so many tokens before it stood before the same token once.
    case lookup(matchedTokens: Int)
    /// The draft model's own probability of it.
    case draft(probability: Float)

    package enum Source: Int, Sendable, CaseIterable {
        case lookup
        case draft
    }

    var source: Source {
        switch self {
        case .lookup: .lookup
        case .draft: .draft
        }
    }

    /// Proposals of one class are accepted about equally often.
    var classIndex: Int {
        switch self {
        case .lookup(let matched): Self.lookupClasses.lastIndex { $0.from <= matched } ?? 0
        case .draft(let probability):
            Self.lookupClasses.count + (Self.draftClasses.lastIndex { $0.from <= probability } ?? 0)
        }
    }

    static let classes = lookupClasses.count + draftClasses.count
    /// What is believed before anything was seen.
    static let priorRates = lookupClasses.map(\.rate) + draftClasses.map(\.rate)

    private static let lookupClasses: [(from: Int, rate: Double)] = [
        (2, 0.25), (3, 0.4), (4, 0.5), (5, 0.6), (7, 0.7), (10, 0.8), (16, 0.9), (32, 0.95),
    ]
    private static let draftClasses: [(from: Float, rate: Double)] = [
        (0, 0.2), (0.3, 0.4), (0.5, 0.6), (0.7, 0.75), (0.85, 0.85), (0.95, 0.92), (0.99, 0.97),
    ]
}
