/// Teaches a `SegmentationTagger` from text whose words are known.
///
/// Perceptron: where the best tags are not the true ones, the weights of the true ones are raised by one, the others
/// lowered. What is kept is the mean of the weights over all steps, scaled to 16 bits.
package struct TaggerTrainer {
    private struct Line {
        var signs: [UInt32]
        var path: [UInt8]
        var truth: [UInt8]
    }

    private var lines: [Line] = []
    private var scan: TaggedScan
    private var steps = [Int32](repeating: 0, count: 16)
    private var stepSums = [Int64](repeating: 0, count: 16)
    private var weights = [SIMD4<Int32>](repeating: .zero, count: 1 << TaggerFeatures.bits)
    private var sums = [SIMD4<Int64>](repeating: .zero, count: 1 << TaggerFeatures.bits)
    private var time: Int64 = 0
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Signs of all lines, at most.
    package static let signsMax = 64 << 20
    package private(set) var signCount = 0

    package init(_ segmenter: ChineseSegmenter) {
        scan = TaggedScan(segmenter.model, SegmentationTagger(steps: [], weights: []))
    }

    /// Adds a line, its words with white space between them. Lines that are too long or too many are left out.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    package mutating func add(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = line.baseAddress else { return false }
        var (bytes, truth) = ([UInt8](), [UInt8]())
        var place = 0
        var word = 0
        while place <= line.count {
            let start = place
            let scalar = place < line.count ? UTF8Scalar.next(base, &place, end: line.count) : 0x20
            guard TaggedScan.isSpace(scalar) else {
                bytes += line[start..<place]
                word += 1
                continue
            }
            truth += (0..<word).map { UInt8(SegmentationTag.of($0, in: word).rawValue) }
            word = 0
            if start == line.count { break }
        }
        let (signs, path) = bytes.withUnsafeBufferPointer { buffer -> ([UInt32], [UInt8]) in
            buffer.baseAddress.map { scan.path(of: $0, count: buffer.count) } ?? ([], [])
        }
        guard !signs.isEmpty, signs.count == truth.count, signCount + signs.count <= Self.signsMax else { return false }
        signCount += signs.count
        lines.append(Line(signs: signs, path: path, truth: truth))
        return true
    }

    /// Goes over all lines in another order each time.
    ///
    /// - Parameter progress: gets the number of the pass and the share of signs whose tag was right.
    package mutating func train(passes: Int, progress: (Int, Double) -> Void) -> SegmentationTagger {
        var features = TaggerFeatures()
        var (before, tags) = ([UInt8](), [UInt8]())
        var order = Array(lines.indices)
        for pass in 0..<passes {
            shuffle(&order)
            var right = 0
            for number in order {
                let line = lines[number]
                features.reset(line.signs, tags: line.path)
                find(features, line.signs.count, &before, &tags)
                right += zip(tags, line.truth).count { $0 == $1 }
                time += 1
                if tags != line.truth { learn(features, tags, line.truth) }
            }
            progress(pass + 1, Double(right) / Double(max(signCount, 1)))
        }
        return mean()
    }

    private func find(_ features: TaggerFeatures, _ count: Int, _ before: inout [UInt8], _ tags: inout [UInt8]) {
        tags.removeAll(keepingCapacity: true)
        if before.count < count * 4 { before = [UInt8](repeating: 0, count: count * 8) }
        TaggerPath.find(count: count, steps: steps, before: &before, into: &tags) { place in
            var scores = SIMD4<Int32>.zero
            features.forEachRow(place) { scores &+= weights[$0] }
            return scores
        }
    }

    /// A weight's mean is what it is less Σ change · time of change / all time.
    private mutating func learn(_ features: TaggerFeatures, _ tags: [UInt8], _ truth: [UInt8]) {
        for place in truth.indices {
            let (wrong, right) = (Int(tags[place]), Int(truth[place]))
            if wrong != right {
                var change = SIMD4<Int32>.zero
                change[right] = 1
                change[wrong] = -1
                let late = SIMD4<Int64>(truncatingIfNeeded: change) &* time
                features.forEachRow(place) { row in
                    weights[row] &+= change
                    sums[row] &+= late
                }
            }
            guard place > 0 else { continue }
            let (wrongStep, rightStep) = (Int(tags[place - 1]) * 4 + wrong, Int(truth[place - 1]) * 4 + right)
            guard wrongStep != rightStep else { continue }
            steps[rightStep] += 1
            steps[wrongStep] -= 1
            stepSums[rightStep] += time
            stepSums[wrongStep] -= time
        }
    }

    private func mean() -> SegmentationTagger {
        let total = Double(max(time + 1, 1))
        let means = zip(weights, sums).map { SIMD4<Double>($0) - SIMD4<Double>($1) / total }
        let stepMeans = zip(steps, stepSums).map { Double($0) - Double($1) / total }
        let highest = max(means.reduce(0) { max($0, abs($1.max()), abs($1.min())) }, stepMeans.map(abs).max() ?? 0)
        let scale = highest > 0 ? min(256, 32_000 / highest) : 1
        return SegmentationTagger(
            steps: stepMeans.map { Int32(($0 * scale).rounded()) },
            weights: means.map { SIMD4<Int16>(($0 * scale).rounded(.toNearestOrEven)) })
    }

    private mutating func shuffle(_ order: inout [Int]) {
        for place in stride(from: order.count - 1, to: 0, by: -1) {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            order.swapAt(place, Int(random % UInt64(place + 1)))
        }
    }
}
