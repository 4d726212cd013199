import Inference

/// Prompts that share beginnings, as conversations do.
struct Prompts {
    private var random: RandomSource
    private var known: [[Int32]] = []
    let tokensMax: Int
    let vocabularySize: Int32

    init(seed: UInt64, tokensMax: Int, vocabularySize: Int32 = 50) {
        random = RandomSource(seed: seed)
        self.tokensMax = tokensMax
        self.vocabularySize = vocabularySize
    }

    /// A new text, or a beginning of an earlier one with something after it.
    mutating func next() -> [Int32] {
        var prompt: [Int32] = []
        if let earlier = known.randomElement(using: &random), Int.random(in: 0..<4, using: &random) > 0 {
            let all = Bool.random(using: &random)
            prompt = all ? earlier : Array(earlier.prefix(Int.random(in: 0...earlier.count, using: &random)))
        }
        let added = Int.random(in: prompt.isEmpty ? 1...150 : 0...70, using: &random)
        for _ in 0..<added { prompt.append(Int32.random(in: 0..<vocabularySize, using: &random)) }
        prompt = Array(prompt.prefix(tokensMax))
        known.append(prompt)
        return prompt
    }
}
