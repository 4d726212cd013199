import Foundation

/// The learning rate of each step: a pure function of its number.
///
///     warm-up / stable / decay       cosine
///        ________________                _
///       /                \              / `-.
///      /                  \            /     `-.
///     /                    \ floor    /         `-_ floor
///     0  warmup   decayFrom  end      0          end
///
/// The first shape has no end built in: a run that is stable can go on as long as one likes, and decays when told.
package struct Schedule: Codable, Equatable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case warmupStableDecay = "wsd"
        case cosine
    }

    package var kind: Kind
    /// The highest learning rate.
    package var peak: Double
    /// Steps that rise to it, linearly.
    package var warmup: Int
    /// The step at which the rate begins to fall; of no meaning for a cosine, which falls from the warm-up on.
    package var decayFrom: Int
    /// Steps that it falls for; then it stays at the floor.
    package var decaySteps: Int
    /// Share of the peak that is left at the end.
    package var floor: Double

    /// Share of all steps that decay unless told.
    package static let decayShare = 0.2
    package static let floorShare = 0.05
    package static let warmupShare = 0.02
    package static let warmupMax = 1000

    /// What is not given follows from the number of steps.
    package init(
        kind: Kind, peak: Double, steps: Int, warmup: Int? = nil, decayFrom: Int? = nil, decaySteps: Int? = nil,
        floor: Double = Schedule.floorShare
    ) {
        let warmup = warmup ?? min(Self.warmupMax, max(1, Int((Double(steps) * Self.warmupShare).rounded())))
        self.kind = kind
        self.peak = peak
        self.warmup = warmup
        self.floor = floor
        switch kind {
        case .warmupStableDecay:
            let length = decaySteps ?? decayFrom.map { steps - $0 } ?? Int(Double(steps) * Self.decayShare)
            self.decayFrom = decayFrom ?? max(warmup, steps - length)
            self.decaySteps = max(0, length)
        case .cosine:
            self.decayFrom = warmup
            self.decaySteps = max(1, steps - warmup)
        }
    }

    /// - Parameter step: of the update, counted from 0.
    package func learningRate(step: Int) -> Double {
        if step < warmup { return peak * Double(step + 1) / Double(warmup) }
        guard step >= decayFrom, decaySteps > 0 else { return peak }
        let share = min(1, Double(step - decayFrom + 1) / Double(decaySteps))
        let left =
            switch kind {
            case .warmupStableDecay: 1 - share
            case .cosine: 0.5 * (1 + cos(.pi * share))
            }
        return peak * (floor + (1 - floor) * left)
    }

    /// Whether the rate falls, or has fallen, at a step.
    package func hasBegunToDecay(step: Int) -> Bool { step > decayFrom && decaySteps > 0 }
}
