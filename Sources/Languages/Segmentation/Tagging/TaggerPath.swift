/// The best sequence of tags: words begin after words, and go on within them.
enum TaggerPath {
    private static let never = Int32.min / 2

    /// - Parameters:
    ///   - count: signs, more than none.
    ///   - steps: from tag (row) to tag.
    ///   - before: scratch of four a sign.
    ///   - tags: gets one a sign.
    ///   - scores: those of the four tags at a place.
    @inline(__always)
    static func find(
        count: Int, steps: [Int32], before: inout [UInt8], into tags: inout [UInt8],
        scores: (Int) -> SIMD4<Int32>
    ) {
        var best = scores(0)
        best[SegmentationTag.middle.rawValue] = never
        best[SegmentationTag.end.rawValue] = never
        before.withUnsafeMutableBufferPointer { before in
            steps.withUnsafeBufferPointer { steps in
                for place in 1..<max(count, 1) {
                    var next = SIMD4<Int32>.zero
                    for tag in 0..<4 {
                        // A word begins (B, S) after E and S, and goes on (M, E) after B and M.
                        let from = tag == 0 || tag == 3 ? 2 : 0
                        let one = best[from] &+ steps[from * 4 + tag]
                        let other = best[from + 1] &+ steps[from * 4 + 4 + tag]
                        next[tag] = max(one, other)
                        before[place * 4 + tag] = UInt8(one >= other ? from : from + 1)
                    }
                    best = next &+ scores(place)
                }
            }
        }
        tags += repeatElement(0, count: count)
        var tag = best[2] >= best[3] ? 2 : 3
        if count == 1 { tag = 3 }
        for place in stride(from: count - 1, through: 0, by: -1) {
            tags[place] = UInt8(tag)
            if place > 0 { tag = Int(before[place * 4 + tag]) }
        }
    }
}
