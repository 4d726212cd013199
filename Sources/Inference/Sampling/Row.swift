/// Passes over a whole row of the vocabulary: 150,000 numbers and more, so sixteen at a time.
package enum Row {
    private static let width = 16

    /// Whether there is no NaN and no infinity.
    package static func isFinite(_ row: UnsafeMutableBufferPointer<Float>) -> Bool {
        // A finite number times zero is zero, anything else is NaN.
        var sums = SIMD16<Float>(repeating: 0)
        forEachBlock(row) { _, values in sums += values * 0 }
        var sum = sums.sum()
        for place in row.count / width * width..<row.count { sum += row[place] * 0 }
        return sum == 0
    }

    /// The place of the largest number, the first of equal ones.
    package static func argmax(_ row: UnsafeMutableBufferPointer<Float>) -> Int {
        var best = SIMD16<Float>(repeating: -.infinity)
        var block = SIMD16<Int32>(repeating: 0)
        forEachBlock(row) { place, values in
            let isBetter = values .> best
            best.replace(with: values, where: isBetter)
            block.replace(with: SIMD16(repeating: Int32(truncatingIfNeeded: place)), where: isBetter)
        }
        var (place, value) = (0, -Float.infinity)
        for lane in 0..<width where row.count >= width {
            let candidate = Int(block[lane]) + lane
            if best[lane] > value || (best[lane] == value && candidate < place) {
                (place, value) = (candidate, best[lane])
            }
        }
        for rest in row.count / width * width..<row.count where row[rest] > value { (place, value) = (rest, row[rest]) }
        return place
    }

    /// The sum, in double precision.
    package static func sum(_ row: UnsafeMutableBufferPointer<Float>) -> Double {
        var total = 0.0
        // Sums of a few thousand floats that are no larger than 1, each rounded once per addition.
        var start = 0
        while start < row.count {
            let end = min(row.count, start + 4096)
            var sums = SIMD16<Float>(repeating: 0)
            let part = UnsafeMutableBufferPointer(rebasing: row[start..<end])
            forEachBlock(part) { _, values in sums += values }
            for lane in 0..<width { total += Double(sums[lane]) }
            for place in part.count / width * width..<part.count { total += Double(part[place]) }
            start = end
        }
        return total
    }

    /// How many numbers are `threshold` or more, and their sum.
    package static func measure(
        _ row: UnsafeMutableBufferPointer<Float>, threshold: Float
    ) -> (count: Int, mass: Double) {
        let limit = SIMD16<Float>(repeating: threshold)
        var (count, mass) = (0, 0.0)
        var start = 0
        while start < row.count {
            let end = min(row.count, start + 4096)
            let part = UnsafeMutableBufferPointer(rebasing: row[start..<end])
            var counts = SIMD16<Int32>(repeating: 0)
            var sums = SIMD16<Float>(repeating: 0)
            forEachBlock(part) { _, values in
                let isIn = values .>= limit
                counts.replace(with: counts &+ 1, where: isIn)
                sums += values.replacing(with: 0, where: .!isIn)
            }
            count += Int(counts.wrappedSum())
            for lane in 0..<width { mass += Double(sums[lane]) }
            for place in part.count / width * width..<part.count where part[place] >= threshold {
                count += 1
                mass += Double(part[place])
            }
            start = end
        }
        return (count, mass)
    }

    /// The keys of the `count` numbers that are `threshold` or more.
    ///
    /// - Precondition: there are so many.
    package static func keys(
        _ row: UnsafeMutableBufferPointer<Float>, threshold: Float, count: Int
    ) -> [UInt64] {
        // One place more, so that every number can be written and only those that count are kept, without a branch.
        [UInt64](unsafeUninitializedCapacity: count + 1) { keys, filled in
            var found = 0
            func put(_ place: Int) {
                keys[min(found, count)] = Selection.key(row[place], place)
                found += row[place] >= threshold ? 1 : 0
            }
            let limit = SIMD16<Float>(repeating: threshold)
            forEachBlock(row) { place, values in
                guard any(values .>= limit) else { return }
                for lane in place..<place + width { put(lane) }
            }
            for place in row.count / width * width..<row.count { put(place) }
            precondition(found == count, "\(found) keys, \(count) announced")
            filled = count
        }
    }

    /// The place where the running sum first exceeds `target`; the last place of any probability when it never does.
    package static func place(ofMass target: Double, in row: UnsafeMutableBufferPointer<Float>) -> Int {
        var left = target
        var start = 0
        while start < row.count {
            let end = min(row.count, start + 1024)
            let part = sum(UnsafeMutableBufferPointer(rebasing: row[start..<end]))
            if part > left {
                for place in start..<end {
                    left -= Double(row[place])
                    if left < 0 { return place }
                }
                // The part was summed in another order: the difference is the last bit of its last token.
                left = 0
            } else {
                left -= part
            }
            start = end
        }
        return row.lastIndex { $0 > 0 } ?? 0
    }

    private static func forEachBlock(
        _ row: UnsafeMutableBufferPointer<Float>, _ body: (_ place: Int, _ values: SIMD16<Float>) -> Void
    ) {
        let bytes = UnsafeRawBufferPointer(row)
        for place in stride(from: 0, to: row.count / width * width, by: width) {
            body(place, bytes.loadUnaligned(fromByteOffset: place * 4, as: SIMD16<Float>.self))
        }
    }
}
