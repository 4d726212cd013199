/// A regular expression, read. As deep as its groups, which `GrammarLimits.depthMax` bounds.
indirect enum RegexNode: Sendable, Equatable {
    case empty
    case scalars(ScalarSet)
    case sequence([RegexNode])
    case choice([RegexNode])
    case repetition(RegexNode, min: Int, max: Int?)
    /// `^`
    case start
    /// `$`
    case end

    var hasAnchor: Bool {
        switch self {
        case .empty, .scalars: false
        case .start, .end: true
        case .sequence(let parts), .choice(let parts): parts.contains(where: \.hasAnchor)
        case .repetition(let part, _, _): part.hasAnchor
        }
    }
}
