/// What LoRA trains (Hu et al., 2021): for a matrix W that it adapts, y = x Wᵀ becomes
///
///     y = x Wᵀ + alpha / rank (x Aᵀ) Bᵀ          A: rank x columns, B: rows x rank
package struct AdapterSettings: Codable, Equatable, Sendable {
    package var rank: Int
    package var alpha: Double
    /// The share of x's numbers that A does not see, others at random in each step.
    package var dropout: Double
    /// In the order of `AdapterTarget`.
    package var targets: [AdapterTarget]

    /// All linear layers unless told; alpha twice the rank.
    package init(
        rank: Int = 16, alpha: Double? = nil, dropout: Double = 0, targets: [AdapterTarget] = AdapterTarget.allCases
    ) {
        self.rank = rank
        self.alpha = alpha ?? 2 * Double(rank)
        self.dropout = dropout
        self.targets = AdapterTarget.allCases.filter(targets.contains)
    }

    package var scale: Float { Float(alpha / Double(rank)) }

    package static let rankMax = 256
    static let alphaMax = 1e6
    static let dropoutMax = 0.9

    /// - Throws: `TrainingError.invalidSetting` naming what cannot be.
    package func check() throws(TrainingError) {
        guard (1...Self.rankMax).contains(rank) else {
            throw .invalidSetting(name: "rank", expected: "1…\(Self.rankMax)", actual: "\(rank)")
        }
        guard alpha > 0, alpha <= Self.alphaMax else {
            throw .invalidSetting(name: "alpha", expected: "above 0, at most \(Int(Self.alphaMax))", actual: "\(alpha)")
        }
        guard dropout >= 0, dropout <= Self.dropoutMax else {
            throw .invalidSetting(name: "dropout", expected: "0…\(Self.dropoutMax)", actual: "\(dropout)")
        }
        guard !targets.isEmpty else {
            let names = AdapterTarget.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidSetting(name: "targets", expected: "some of \(names)", actual: "none")
        }
    }
}
