/// When a step is not to be trusted.
package struct GuardSettings: Codable, Equatable, Sendable {
    /// Trained steps whose losses and gradient norms are remembered.
    package var window = 128
    /// Steps that must be remembered before any is called an outlier.
    package var windowMin = 32
    /// Standard deviations above the mean from which on a step is skipped; 0 for never.
    package var deviationsMax = 6.0
    /// Skips in a row after which the run goes back to its last good checkpoint.
    package var skipsMax = 3
    /// Times that it goes back without having trained `windowMin` steps between, before it gives up.
    package var rollbacksMax = 3

    package init() {}
}
