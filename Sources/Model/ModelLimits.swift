/// The largest sizes that a configuration may ask for: what a hostile file could make us allocate or loop over.
/// The largest open models stay below a quarter of each.
public enum ModelLimits {
    public static let layersMax = 1024
    public static let embeddingDimMax = 1 << 17
    public static let headsMax = 4096
    public static let headDimMax = 1024
    public static let feedForwardDimMax = 1 << 20
    public static let vocabularyTokensMax = 1 << 24
    public static let contextTokensMax = 1 << 30
    public static let expertsMax = 4096
    /// Rows of an adapter's A; the largest in use have 256.
    public static let adapterRankMax = 1024
    /// Patterns of ranks, and as many of alphas: one a module would be seven a layer.
    public static let adapterPatternsMax = 8192
}
