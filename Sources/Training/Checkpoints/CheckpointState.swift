/// All that a run is besides its weights and the optimiser's state.
package struct CheckpointState: Codable, Equatable, Sendable {
    /// Steps that are done, skipped ones included; learning rates follow from it.
    package var step = 0
    /// Updates that the optimiser has made.
    package var updates = 0
    /// Everything random is a function of this number, epochs and steps.
    package var seed: UInt64
    package var cursor: DataCursor
    package var schedule: Schedule
    package var guards: Guards
    package var statistics = RunStatistics()
    /// Validation and samples of this step were cut short, and come first when the run goes on.
    package var isUnwatched: Bool?
}
