/// How `danlu serve` runs.
public struct ServerOptions: Sendable {
    public var host = "127.0.0.1"
    public var port = 8080
    public var limits = ServerLimits()
    /// Origins of other sites whose pages may call the API.
    public var allowedOrigins: Set<String> = []
    /// Where `/v1/load_lora_adapter` finds adapters; nil turns it off.
    public var adaptersFolder: String?
    /// Whose training runs `/runs` shows; nil for none.
    public var runsFolder: String?
    /// An index of the text that the model was trained on: the page can ask where answers come from. Nil turns it off.
    public var traceIndex: String?
    public var version = "0.1.0"

    public init() {}

    /// Reached from this machine only.
    public var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
}
