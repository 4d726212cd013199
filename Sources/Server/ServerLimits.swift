/// Bounds on what clients may ask of the server; `danlu serve --help` shows those that can be set.
public struct ServerLimits: Sendable {
    public var requestBytesMax = 10 << 20
    public var headerBytesMax = 16 << 10
    public var headersMax = 100
    public var jsonDepthMax = 64
    public var connectionsMax = 512
    public var idleConnectionSecondsMax = 75
    public var requestSecondsMax = 600.0
    /// How long a client may take to send its body.
    public var bodySecondsMax = 60.0
    /// After SIGTERM: how long running answers may still take.
    public var drainSecondsMax = 30
    public var messagesMax = 20_000
    public var choicesMax = 8
    public var stopsMax = 4
    public var stopBytesMax = 256
    public var topLogProbabilitiesMax = 20
    public var toolsMax = 128
    public var logitBiasesMax = 1024
    public var dryBreakersMax = 32
    public var embeddingInputsMax = 256
    public var completionPromptsMax = 64
    public var adapterPathBytesMax = 1024
    /// Training runs that a list shows.
    public var runsMax = 1000
    public var runConfigurationBytesMax = 1 << 20
    /// A part of a run's log; the page asks for the next one.
    public var runLogBytesMax = 16 << 20
    /// A comment line is sent on a silent stream this often, so that proxies keep it open.
    public var streamPingSeconds = 15.0

    public init() {}
}
