/// An adapter that a request asks for.
public struct AdapterChoice: Sendable, Equatable {
    public enum Which: Sendable, Equatable {
        case id(Int)
        case name(String)
    }

    public var which: Which
    /// 1 is as it was trained, 0 as if it were not there.
    public var scale: Float

    public init(_ which: Which, scale: Float = 1) {
        self.which = which
        self.scale = scale
    }
}
