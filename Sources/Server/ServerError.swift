/// Why a server does not start.
public enum ServerError: Error, CustomStringConvertible, Equatable {
    case keysNeeded(host: String)

    public var description: String {
        switch self {
        case .keysNeeded(let host):
            "Serving on \(host) can be reached from other machines, which needs a key. Make one: danlu keys create NAME"
        }
    }
}
