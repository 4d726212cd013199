/// What positions' losses count in a gradient.
enum LossWeights: Sendable {
    case same(Float)
    /// One for each target.
    case each([Float])

    func gathered(_ places: [Int32]) -> LossWeights {
        switch self {
        case .same: self
        case .each(let weights): .each(places.map { weights[Int($0)] })
        }
    }
}
