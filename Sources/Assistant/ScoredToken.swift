/// A token with its natural-logarithm probability.
public struct ScoredToken: Sendable, Equatable {
    public struct Alternative: Sendable, Equatable {
        public var bytes: [UInt8]
        public var logProbability: Double

        public init(bytes: [UInt8], logProbability: Double) {
            self.bytes = bytes
            self.logProbability = logProbability
        }
    }

    public var id: Int32
    /// The token's bytes: a piece of a character can be a token.
    public var bytes: [UInt8]
    /// nil for the first token of a prompt, which nothing precedes.
    public var logProbability: Double?
    public var alternatives: [Alternative]

    public init(id: Int32, bytes: [UInt8], logProbability: Double?, alternatives: [Alternative] = []) {
        self.id = id
        self.bytes = bytes
        self.logProbability = logProbability
        self.alternatives = alternatives
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
