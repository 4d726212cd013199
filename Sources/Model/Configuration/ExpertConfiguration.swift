/// Feed-forward layers in which a router picks a few experts for each token.
public struct ExpertConfiguration: Sendable, Equatable {
    public var count: Int
    /// Experts that each token visits.
    public var used: Int
    /// The width inside one expert.
    public var feedForwardDim: Int
    /// The width inside the expert that every token visits, its share decided by a sigmoid; nil without one.
    public var sharedFeedForwardDim: Int?
    /// The shares of the chosen experts are divided by their sum.
    public var normalizesShares: Bool
    /// Layers that are dense all the same.
    public var denseLayers: Set<Int>

    public init(
        count: Int, used: Int, feedForwardDim: Int, sharedFeedForwardDim: Int? = nil, normalizesShares: Bool,
        denseLayers: Set<Int> = []
    ) {
        self.count = count
        self.used = used
        self.feedForwardDim = feedForwardDim
        self.sharedFeedForwardDim = sharedFeedForwardDim
        self.normalizesShares = normalizesShares
        self.denseLayers = denseLayers
    }
}
