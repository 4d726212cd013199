/// The last values of something that is watched.
struct Window: Codable, Equatable, Sendable {
    let capacity: Int
    /// Oldest first.
    private(set) var values: [Double] = []
    /// Of the mean: a standard deviation below it counts as this much, or a flat curve would make anything an outlier.
    private static let deviationShareMin = 0.01

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { values.count }

    mutating func add(_ value: Double) {
        if values.count >= capacity { values.removeFirst(values.count - capacity + 1) }
        values.append(value)
    }

    /// How many standard deviations a value lies above the mean; negative below it.
    ///
    /// - Precondition: there are values.
    func deviations(of value: Double) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        let deviation = max(variance.squareRoot(), Self.deviationShareMin * abs(mean))
        return deviation > 0 ? (value - mean) / deviation : 0
    }
}
