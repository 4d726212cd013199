import Foundation

/// Continues a prompt token by token, each time with the whole forward pass: a few words to look at, not a server.
struct SampleGenerator {
    let tokenizer: TrainingTokenizer
    let contextTokens: Int
    let seed: UInt64
    var temperature = 0.8
    /// Only so many of the likeliest tokens are drawn from.
    var choices = 40

    /// - Parameter logits: of the last token of the ids that it is given, at least; the last row is read. Nil ends the
    ///   text.
    func text(_ prompt: String, tokens: Int, logits: ([Int32]) -> [Float]?) -> String {
        var ids = tokenizer.beginID.map { [$0] } ?? []
        ids += tokenizer.tokenizer.encode(prompt, special: false)
        // Without a token to begin with, a document's end is where another begins.
        if ids.isEmpty { ids = [tokenizer.endID ?? 0] }
        let start = ids.count
        while ids.count < min(start + tokens, contextTokens), let rows = logits(ids) {
            let next = choose(rows.suffix(tokenizer.tokenizer.vocabularySize), place: ids.count)
            if next == tokenizer.endID { break }
            ids.append(next)
        }
        return tokenizer.tokenizer.decode(ids[start...])
    }

    private func choose(_ row: ArraySlice<Float>, place: Int) -> Int32 {
        let sorted = row.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(choices)
        guard let best = sorted.first, best.element.isFinite else { return 0 }
        let weights = sorted.map { exp(Double($0.element - best.element) / temperature) }
        // 53 random bits that depend on seed and place alone.
        var point = Double(Hashing.mix(seed, UInt64(place)) >> 11) * 0x1p-53 * weights.reduce(0, +)
        for (candidate, weight) in zip(sorted, weights) {
            point -= weight
            if point < 0 { return Int32(candidate.offset) }
        }
        return Int32(best.offset)
    }
}
