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
}
