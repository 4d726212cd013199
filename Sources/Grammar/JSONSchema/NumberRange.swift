/// Numbers between two bounds, digit by digit.
struct NumberRange {
    struct Bound: Equatable {
        var value: Decimal
        var isInclusive: Bool
    }

    var lower: Bound?
    var upper: Bound?
    /// Digits after the point; 0 for integers.
    var fractionDigitsMax = JSONRules.fractionDigitsMax

    private static let limit = Bound(
        value: Decimal(whole: [1] + Array(repeating: 0, count: JSONRules.integerDigitsMax)), isInclusive: false)

    func write(to set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        var choices: [RuleSet.NodeID] = []
        let zero = Decimal(whole: [0])
        if upper.map({ !$0.value.isNegative }) ?? true {
            var low = Bound(value: zero, isInclusive: true)
            if let lower, !lower.value.isNegative { low = lower }
            choices += try positive(low, upper ?? Self.limit, &set)
        }
        if lower.map({ $0.value.isNegative }) ?? true {
            // Below zero the bounds change places. "-0" is left out.
            var low = Bound(value: zero, isInclusive: false)
            if let upper, upper.value.isNegative {
                low = Bound(value: upper.value.magnitude, isInclusive: upper.isInclusive)
            }
            let high = lower.map { Bound(value: $0.value.magnitude, isInclusive: $0.isInclusive) } ?? Self.limit
            let minus = try set.literal("-")
            for part in try positive(low, high, &set) { choices.append(try set.sequence([minus, part])) }
        }
        return try set.choice(choices)
    }

    /// - Precondition: the bounds are not negative.
    private func positive(
        _ low: Bound, _ high: Bound, _ set: inout RuleSet
    ) throws(GrammarError) -> [RuleSet.NodeID] {
        guard !(high.value < low.value) else { return [] }
        let high = high.value.whole.count > JSONRules.integerDigitsMax ? Self.limit : high
        guard low.value.whole.count <= JSONRules.integerDigitsMax else { return [] }
        if low.value.whole == high.value.whole {
            return [
                try set.sequence([
                    try digits(low.value.whole, &set), try fraction(from: low, to: high, &set),
                ])
            ]
        }
        var choices = [
            try set.sequence([try digits(low.value.whole, &set), try fraction(from: low, to: nil, &set)]),
            try set.sequence([try digits(high.value.whole, &set), try fraction(from: nil, to: high, &set)]),
        ]
        if let between = try wholes(above: low.value.whole, below: high.value.whole, &set) {
            choices.append(try set.sequence([between, try fraction(from: nil, to: nil, &set)]))
        }
        return choices
    }

    private func digits(_ digits: [UInt8], _ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        guard digits.count <= JSONRules.integerDigitsMax else { return RuleSet.nothing }
        return try set.add(.literal(digits.map { $0 + 0x30 }))
    }

    /// Integers strictly between two.
    private func wholes(
        above low: [UInt8], below high: [UInt8], _ set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID? {
        var graph = RuleSet.Graph()
        for count in low.count...high.count {
            // With so many digits: tight while the digits so far are those of the bound.
            let lower = count == low.count ? low : nil
            let upper = count == high.count ? high : nil
            try addDigits(count: count, lower, upper, &graph, &set)
        }
        return graph.accepting.isEmpty ? nil : try set.add(.graph(graph))
    }

    private func addDigits(
        count: Int, _ lower: [UInt8]?, _ upper: [UInt8]?, _ graph: inout RuleSet.Graph, _ set: inout RuleSet
    ) throws(GrammarError) {
        var places = [Tight(low: lower != nil, high: upper != nil): 0]
        for position in 0..<count {
            var next: [Tight: Int] = [:]
            for (tight, place) in places.sorted(by: { $0.value < $1.value }) {
                for digit: UInt8 in (position == 0 && count > 1 ? 1 : 0)...9 {
                    guard let after = tight.reading(digit, lower?[position], upper?[position]) else { continue }
                    let to = next[after] ?? graph.addPlace()
                    next[after] = to
                    graph.addEdge(place, to, try set.add(.literal([0x30 + digit])))
                }
            }
            places = next
        }
        // Equal to a bound is not between them.
        for (tight, place) in places where !tight.low && !tight.high { graph.accepting.append(place) }
    }

    /// Nothing, or a point and digits, such that the fraction is between those of two bounds.
    private func fraction(
        from low: Bound?, to high: Bound?, _ set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        let (lower, upper) = (low?.value.fraction ?? [], high?.value.fraction ?? [])
        func fits(_ tight: Tight, _ position: Int) -> Bool {
            if tight.low, lower.dropFirst(position).contains(where: { $0 > 0 }) || !(low?.isInclusive ?? true) {
                return false
            }
            return !tight.high || upper.count > position || high?.isInclusive ?? true
        }
        var graph = RuleSet.Graph()
        let start = Tight(low: low != nil, high: high != nil)
        if fits(start, 0) { graph.accepting.append(0) }
        guard fractionDigitsMax > 0 else { return try set.add(.graph(graph)) }
        let afterPoint = graph.addPlace()
        graph.addEdge(0, afterPoint, try set.literal("."))
        var places = [start: afterPoint]
        for position in 0..<fractionDigitsMax {
            var next: [Tight: Int] = [:]
            for (tight, place) in places.sorted(by: { $0.value < $1.value }) {
                for digit: UInt8 in 0...9 {
                    let (from, to) = (
                        position < lower.count ? lower[position] : 0, position < upper.count ? upper[position] : 0
                    )
                    guard let after = tight.reading(digit, from, to) else { continue }
                    let target = next[after] ?? graph.addPlace()
                    if next[after] == nil, fits(after, position + 1) { graph.accepting.append(target) }
                    next[after] = target
                    graph.addEdge(place, target, try set.add(.literal([0x30 + digit])))
                }
            }
            places = next
        }
        return try set.add(.graph(graph))
    }

    /// Whether the digits so far are those of the lower and of the upper bound.
    private struct Tight: Hashable {
        var low: Bool
        var high: Bool

        /// nil when the digit leaves the range.
        func reading(_ digit: UInt8, _ lower: UInt8?, _ upper: UInt8?) -> Tight? {
            if low, let lower, digit < lower { return nil }
            if high, let upper, digit > upper { return nil }
            return Tight(low: low && digit == lower, high: high && digit == upper)
        }
    }
}
