/// What the model that a run began with loses on each example, computed once and kept in the run's folder.
struct ReferenceLosses: Codable, Equatable {
    var format = ReferenceLosses.currentFormat
    /// Of the examples, and of what they were computed with.
    var key: String
    /// Nats of all targets of each document.
    var nats: [Double]
    /// SHA-256 over the numbers' bits.
    var sha256: String

    private static let currentFormat = "danlu-reference-1"
    static let fileName = "reference.json"

    init(key: String, nats: [Double]) {
        self.key = key
        self.nats = nats
        sha256 = Self.sum(nats)
    }

    /// Those of a run; nil when there are none yet.
    ///
    /// - Throws: `TrainingError.damaged` when they are not what was written.
    init?(folder: String, key: String, count: Int) throws(TrainingError) {
        let path = "\(folder)/\(Self.fileName)"
        guard Files.exists(path) else { return nil }
        self = try Files.read(ReferenceLosses.self, from: path)
        guard format == Self.currentFormat, self.key == key, nats.count == count, sha256 == Self.sum(nats) else {
            throw .damaged(
                file: path, expected: "losses of the run's \(count) examples as they were written; remove the file, "
                    + "and they are computed again", actual: "others")
        }
    }

    func write(to folder: String) throws(TrainingError) {
        try Files.replace("\(folder)/\(Self.fileName)", withJSON: self)
    }

    private static func sum(_ numbers: [Double]) -> String {
        Files.sha256(numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
    }
}
