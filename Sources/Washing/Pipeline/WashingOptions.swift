import Corpus

/// How a washing is done; none of it changes what comes out but `keepsRejects` and what `raw` says of the files.
package struct WashingOptions: Sendable {
    package var threads: Int
    package var ranks: Ranks
    package var keepsRejects: Bool
    /// Keeps the folder of work when all is done.
    package var keepsWork: Bool
    package var raw: RawOptions
    package var limits: WashingLimits
    /// Asked now and then; true ends the washing, which goes on another time where it was.
    package var isStopped: @Sendable () -> Bool

    package init(
        threads: Int, ranks: Ranks = Ranks(), keepsRejects: Bool = false, keepsWork: Bool = false,
        raw: RawOptions = RawOptions(), limits: WashingLimits = WashingLimits(),
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        precondition(threads > 0, "\(threads) threads")
        self.threads = threads
        self.ranks = ranks
        self.keepsRejects = keepsRejects
        self.keepsWork = keepsWork
        self.raw = raw
        self.limits = limits
        self.isStopped = isStopped
    }

    func checkStopped() throws { if isStopped() { throw CancellationError() } }
}
