/// Counts of values by size, as Prometheus wants them.
public struct Histogram: Sendable, Equatable {
    /// Upper bounds of the buckets, rising; a last bucket without bound follows.
    public let bounds: [Double]
    /// Values in each bucket alone (not cumulative); one more than there are bounds.
    public private(set) var counts: [Int]
    public private(set) var sum = 0.0

    public init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds \(bounds) do not rise")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    public var count: Int { counts.reduce(0, +) }

    /// A value on a bound belongs to the bucket below it.
    public mutating func record(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
