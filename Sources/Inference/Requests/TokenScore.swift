/// A token with the model's own log-probability: natural logarithm, before bias, penalties, temperature and filters.
public struct TokenScore: Sendable, Equatable {
    /// A token that might have come instead.
    public struct Alternative: Sendable, Equatable {
        public var id: Int32
        public var logProbability: Float

        public init(id: Int32, logProbability: Float) {
            self.id = id
            self.logProbability = logProbability
        }
    }

    public var id: Int32
    /// nil for the first token of a prompt, which nothing precedes.
    public var logProbability: Float?
    /// The most probable tokens, best first; the token itself is among them when it is one of them.
    public var alternatives: [Alternative]

    public init(id: Int32, logProbability: Float?, alternatives: [Alternative] = []) {
        self.id = id
        self.logProbability = logProbability
        self.alternatives = alternatives
    }
}
