/// The best few of many, without sorting the rest.
///
/// Keys are unique 64-bit numbers whose order is the ranking, largest first: a probability's bits above, so that they
/// compare as the probability does, and the inverted token below, so that the smaller token wins a tie.
///
///     63            32 31             0
///     [ Float's bits  ][ ~token       ]
package enum Selection {
    package static func key(_ probability: Float, _ token: Int) -> UInt64 {
        UInt64(probability.bitPattern) << 32 | UInt64(~UInt32(truncatingIfNeeded: token))
    }

    package static func probability(_ key: UInt64) -> Float { Float(bitPattern: UInt32(key >> 32)) }

    package static func token(_ key: UInt64) -> Int32 { Int32(bitPattern: ~UInt32(truncatingIfNeeded: key)) }

    /// Sorting this many is quicker than dividing on.
    private static let sortedMax = 24

    /// Keeps the `count` largest keys, in no particular order.
    package static func keepLargest(_ count: Int, of keys: inout [UInt64]) {
        guard count < keys.count else { return }
        keepMass(Double(count), of: &keys) { _ in 1 }
    }

    /// Keeps the shortest run of largest keys whose masses add up to `mass`, at least one; all when they do not.
    package static func keepMass(_ mass: Double, of keys: inout [UInt64], massOf: (UInt64) -> Double) {
        guard !keys.isEmpty else { return }
        var (low, missing) = (0, mass)
        if keys.count > bucketedMin { (low, missing) = narrow(&keys, mass: mass, massOf: massOf) }
        var high = keys.count
        // Invariant: the run ends in low..<high (or at the very end), and the keys before `low` belong to it.
        while high - low > sortedMax {
            let pivot = partition(&keys, low, high)
            var before = 0.0
            for place in low..<pivot { before += massOf(keys[place]) }
            if before >= missing, pivot > low {
                high = pivot
            } else {
                missing -= before + massOf(keys[pivot])
                low = pivot + 1
                if missing <= 0 { break }
            }
        }
        var end = low
        if missing > 0 || low == 0 {
            keys[low..<high].sort(by: >)
            while end < high, missing > 0 || end == 0 {
                missing -= massOf(keys[end])
                end += 1
            }
        }
        keys.removeSubrange(end...)
    }

    /// From so many keys on, two passes over buckets of keys save most of the work of dividing.
    private static let bucketedMin = 1024
    private static let buckets = 1024

    /// Drops keys that are certainly too small, and brings those that are certainly large enough to the front.
    ///
    /// - Returns: how many those are, and how much of the mass the others must have.
    private static func narrow(
        _ keys: inout [UInt64], mass: Double, massOf: (UInt64) -> Double
    ) -> (sure: Int, missing: Double) {
        var (least, most) = (keys[0], keys[0])
        for key in keys { (least, most) = (min(least, key), max(most, key)) }
        // Equal steps in the bits of a float are about equal steps in its logarithm.
        let shift = max(0, 64 - (most - least).leadingZeroBitCount - buckets.trailingZeroBitCount)
        var masses = [Double](repeating: 0, count: buckets)
        for key in keys { masses[Int((key - least) >> shift)] += massOf(key) }
        var (boundary, missing) = (buckets - 1, mass)
        while boundary > 0, masses[boundary] < missing {
            missing -= masses[boundary]
            boundary -= 1
        }
        var sure = 0
        var unsure: [UInt64] = []
        for place in keys.indices {
            let key = keys[place]
            let bucket = Int((key - least) >> shift)
            guard bucket >= boundary else { continue }
            if bucket == boundary {
                unsure.append(key)
            } else {
                keys[sure] = key
                sure += 1
            }
        }
        keys.replaceSubrange(sure..., with: unsure)
        return (sure, missing)
    }

    /// Moves larger keys before, smaller ones behind a pivot of middling size, and returns where the pivot is.
    private static func partition(_ keys: inout [UInt64], _ low: Int, _ high: Int) -> Int {
        keys.withUnsafeMutableBufferPointer { keys in
            let (a, b, c) = (keys[low], keys[(low + high) / 2], keys[high - 1])
            let median = max(min(a, b), min(max(a, b), c))
            keys.swapAt(median == a ? low : median == b ? (low + high) / 2 : high - 1, high - 1)
            var boundary = low
            for place in low..<high - 1 where keys[place] > median {
                keys.swapAt(boundary, place)
                boundary += 1
            }
            keys.swapAt(boundary, high - 1)
            return boundary
        }
    }
}
