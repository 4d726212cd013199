/// Where a run is in its data: with the same shards and settings, what comes next depends on this alone. Orders are
/// functions of seed and epoch, so there is no other random state.
package struct DataCursor: Codable, Equatable, Sendable {
    package struct Source: Codable, Equatable, Sendable {
        /// How often all its documents have been gone through.
        package var epoch = 0
        /// Documents taken in this epoch.
        package var position = 0
        /// Tokens taken in all epochs: what weights are kept by.
        package var tokens = 0
    }

    package var sources: [Source]
    /// Pieces of documents that were taken and are in no row yet.
    package var buffer: [Piece] = []
    /// Rows made so far.
    package var rows = 0
    /// Positions of those rows that have a target.
    package var targets = 0

    init(sources: Int) { self.sources = Array(repeating: Source(), count: sources) }
}
