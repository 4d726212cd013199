/// Weights of the n-grams of one alphabet, or of the East Asian signs, for each of its languages.
///
/// A language's score is `scale · Σ weight[row(n-gram)][language] / √n + bias`, a softmax of which is its probability.
/// Rows are found by hashing; what shares a row was trained sharing it.
///
///     rows: 2^bits         ┌── width ──┐
///     hash of n-gram  ───> │ i8 i8 … i8│   languages in columns, zeros up to width (4, 16 or 32)
///                          └───────────┘
struct NGramTable: Sendable {
    /// Which n-grams of scalars are looked up.
    enum Features: UInt8, Sendable {
        /// 2-, 3- and 4-grams of a word with a space before and behind it, and the whole word.
        case words = 0
        /// Signs and pairs of them.
        case signs = 1
    }

    let features: Features
    let bits: Int
    let width: Int
    let languages: [WrittenLanguage]
    let scale: Float
    let biases: [Float]
    /// `width << bits` of them, each with 128 added: sums of unsigned bytes are cheaper, `RowSums` takes it off again.
    let weights: [UInt8]

    /// Multipliers of the hashes, one an order; the high bits of the product are the row.
    static let pairFactor: UInt64 = 0x9E37_79B9_7F4A_7C15
    static let tripleFactor: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    static let fourFactor: UInt64 = 0x1656_67B1_9E37_79F9
    static let signFactor: UInt64 = 0xD6E8_FEB8_6659_FD93
    static let wordFactor: UInt64 = 0xFF51_AFD7_ED55_8CCD

    /// The likeliest language and its probability, from sums of `count` rows.
    func best(sums: UnsafePointer<Int32>, count: Int) -> (language: WrittenLanguage, probability: Float) {
        let factor = scale / Float(max(count, 1)).squareRoot()
        var best = 0
        var highest = -Float.infinity
        for column in languages.indices {
            let score = Float(sums[column]) * factor + biases[column]
            if score > highest { (best, highest) = (column, score) }
        }
        var total: Float = 0
        for column in languages.indices {
            total += exponential(Float(sums[column]) * factor + biases[column] - highest)
        }
        return (languages[best], 1 / total)
    }

    /// eˣ for x <= 0, relative error under 1e-4: bit-equal on every machine, unlike a C library's.
    private func exponential(_ value: Float) -> Float {
        guard value > -80 else { return 0 }
        var power = 1 + value / 256
        for _ in 0..<8 { power *= power }
        return max(power, 0)
    }
}
