/// Takes the tokens that may not come out of the running.
package enum Masking {
    /// What a token that may not come counts. Its probability is zero beside any token that may, whatever the
    /// temperature, and it is a number, unlike minus infinity.
    package static let excluded: Float = -1e30

    /// logit[token] = excluded, for each token that is not in the mask.
    package static func apply(_ mask: TokenMask, to logits: UnsafeMutableBufferPointer<Float>) {
        mask.words.withUnsafeBufferPointer { words in
            for start in stride(from: 0, to: logits.count, by: 64) {
                let end = min(logits.count, start + 64)
                let word = start / 64 < words.count ? words[start / 64] : 0
                if word == .max { continue }
                if word == 0 {
                    for place in start..<end { logits[place] = excluded }
                } else {
                    for place in start..<end where word >> UInt64(place - start) & 1 == 0 { logits[place] = excluded }
                }
            }
        }
    }
}
