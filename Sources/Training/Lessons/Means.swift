/// Means of what a step measures, by name.
package struct Means {
    private var sums: [String: (sum: Double, count: Int)] = [:]

    package init() {}

    mutating func add(_ name: String, _ value: Double) {
        let old = sums[name] ?? (0, 0)
        sums[name] = (old.sum + value, old.count + 1)
    }

    package subscript(name: String) -> Double? { sums[name].map { $0.sum / Double($0.count) } }
    package var all: [String: Double] { sums.mapValues { $0.sum / Double($0.count) } }
}
