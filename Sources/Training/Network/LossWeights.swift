import Kernels

/// What positions' losses count in a gradient.
enum LossWeights: Sendable {
    case same(Float)
    /// One for each target.
    case each([Float])
    /// The same, with what a teacher says of each target besides.
    case taught(TrainingOperations.Teacher, scale: Float)

    func gathered(_ places: [Int32]) -> LossWeights {
        switch self {
        // A teacher speaks of targets only.
        case .same, .taught: self
        case .each(let weights): .each(places.map { weights[Int($0)] })
        }
    }
}
