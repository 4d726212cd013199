/// How far a pull is.
public struct PullProgress: Sendable, Equatable {
    public var doneBytes: Int
    /// Nil while a server does not say.
    public var totalBytes: Int?
    /// Over the last seconds; zero at the start.
    public var bytesPerSecond: Double
    public var secondsLeft: Double? {
        guard let totalBytes, bytesPerSecond > 0 else { return nil }
        return Double(max(0, totalBytes - doneBytes)) / bytesPerSecond
    }
}
