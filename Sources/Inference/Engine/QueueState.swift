/// How full the engine is, for clients that want to know before they are refused.
public struct QueueState: Sendable, Equatable {
    /// Requests that are computed and that may wait, in all.
    public var requestsMax: Int
    /// How many more there is room for. An owner with less in the queue than others is taken even then.
    public var requestsFree: Int
    /// Until everything accepted is done, by forecast; nil before anything was measured.
    public var backlogSeconds: Double?
}
