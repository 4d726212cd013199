/// Why a server does not start.
public enum ServerError: Error, CustomStringConvertible, Equatable {
    case keysNeeded(host: String)
    case noAdaptersFolder(path: String)
    case cannotListen(host: String, port: Int, reason: String)

    public var description: String {
        switch self {
        case .keysNeeded(let host):
            "Serving on \(host) can be reached from other machines, which needs a key. Make one: danlu keys create NAME"
        case .noAdaptersFolder(let path): "There is no folder \(path) for adapters. Make it, or name another one."
        case .cannotListen(let host, let port, let reason):
            "Cannot listen on \(host) port \(port): \(reason). Another program may use it; choose one with --port."
        }
    }
}
