/// Bounds on what the store keeps and hands out at once.
public enum StoreLimits {
    public static let busySecondsMax = 10.0
    public static let titleCharactersMax = 200
    public static let contentBytesMax = 4 << 20
    public static let commentCharactersMax = 2000
    public static let pageRowsMax = 500
    public static let searchTermsMax = 16
    /// How much of a message is looked through for the place that a search hit.
    public static let snippetCharactersMax = 20_000
    /// The time of a key's use is written this often at most.
    public static let keyUseMillisecondsMin: Int64 = 60_000
}
