/// Written last into a checkpoint's folder: what it consists of, and what it belongs to.
package struct CheckpointManifest: Codable, Equatable, Sendable {
    /// What must be the same for the weights to be of use.
    package struct Hashes: Codable, Equatable, Sendable {
        /// Of the settings that the numbers depend on.
        package var configuration: String
        package var tokenizer: String
        package var template: String
        /// Of the data manifest.
        package var data: String
    }

    var format = CheckpointManifest.currentFormat
    package var step: Int
    /// Saved at a multiple of the interval, not because the run was stopped: only to such a checkpoint, which an
    /// uninterrupted run has too, does a run go back.
    package var isRegular: Bool
    /// Kept for ever.
    package var isMilestone: Bool
    /// The step before it was trained, not skipped.
    package var isGood: Bool
    package var hashes: Hashes
    /// By name.
    var files: [String: FileSum]
    /// SHA-256 of this manifest as JSON, its seal empty: a bit that flips in a hash must not look like another
    /// tokenizer.
    private(set) var seal: String? = ""

    static let currentFormat = "danlu-checkpoint-2"
    /// Read too; it had no seal.
    private static let unsealedFormat = "danlu-checkpoint-1"

    var isOfKnownFormat: Bool { [Self.currentFormat, Self.unsealedFormat].contains(format) }
    var mayBeUnsealed: Bool { format == Self.unsealedFormat && seal == nil }

    /// The manifest with its seal.
    func sealed() throws(TrainingError) -> CheckpointManifest {
        var sealed = self
        sealed.seal = ""
        sealed.seal = Files.sha256(try Files.json(sealed))
        return sealed
    }
}
