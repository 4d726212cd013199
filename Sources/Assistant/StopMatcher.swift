/// Finds stop strings in text that arrives in pieces, and never lets out part of one.
///
///     var matcher = StopMatcher(["END"])
///     matcher.append("the E")     // "the "
///     matcher.append("ND of it")  // "", and matcher.hasStopped
///
/// A pure value: text that might begin a stop string is held back until the next piece decides.
public struct StopMatcher: Sendable {
    private let stops: [[UInt8]]
    private var held: [UInt8] = []
    /// A stop string was found; everything from its first character on is dropped.
    public private(set) var hasStopped = false

    public init(_ stops: [String]) {
        self.stops = stops.filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    /// Takes the next piece and returns what is safe to show.
    public mutating func append(_ text: String) -> String {
        guard !hasStopped else { return "" }
        guard !stops.isEmpty else { return text }
        held.append(contentsOf: text.utf8)
        if let start = startOfFirstStop() {
            hasStopped = true
            return release(start)
        }
        return release(startOfPossibleStop())
    }

    /// What was held back when no more text comes.
    public mutating func finish() -> String {
        hasStopped ? "" : release(held.count)
    }

    /// Where the stop string begins that ends first: what a reader of single characters would meet.
    private func startOfFirstStop() -> Int? {
        var first: Range<Int>?
        for start in held.indices {
            for stop in stops where held[start...].starts(with: stop) {
                let found = start..<start + stop.count
                if first.map({ found.upperBound < $0.upperBound }) ?? true { first = found }
            }
        }
        return first?.lowerBound
    }

    /// Where text begins that the next piece may complete to a stop string.
    private func startOfPossibleStop() -> Int {
        held.indices.first { start in stops.contains { $0.starts(with: held[start...]) } } ?? held.count
    }

    private mutating func release(_ count: Int) -> String {
        defer { held.removeFirst(count) }
        return String(decoding: held[..<count], as: UTF8.self)
    }
}
