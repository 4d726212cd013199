extension PrefixTree {
    /// Where the first tokens of a page could be copied from.
    package struct Tail: Sendable, Equatable {
        package var node: NodeID
        package var tokens: Int
    }

    /// The nodes under `parent` that share most leading tokens with `tokens`: the best that is ready, and the best
    /// that a sequence for which `willCompute` holds is computing.
    ///
    /// Keys and values of a token depend on the tokens before it only, so the beginning of any page serves.
    package func tails(
        under parent: NodeID?, owner: String, tokens: ArraySlice<Int32>, excluding own: NodeID?,
        willCompute: (SequenceID) -> Bool
    ) -> (ready: Tail?, computing: Tail?) {
        guard let parent = parent ?? root(of: owner) else { return (nil, nil) }
        var ready: Tail?
        var computing: Tail?
        for (others, id) in self[parent].children where id != own {
            let common = zip(tokens, others).prefix { $0 == $1 }.count
            guard common > 0 else { continue }
            let tail = Tail(node: id, tokens: common)
            switch self[id].state {
            case .ready: ready = Self.better(ready, tail)
            case .computing(let sequence) where willCompute(sequence): computing = Self.better(computing, tail)
            case .computing, .abandoned: break
            }
        }
        return (ready, computing)
    }

    /// The one with more tokens; the older node when equal, because a dictionary has no order.
    private static func better(_ one: Tail?, _ other: Tail) -> Tail {
        guard let one else { return other }
        return (other.tokens, -other.node) > (one.tokens, -one.node) ? other : one
    }
}
