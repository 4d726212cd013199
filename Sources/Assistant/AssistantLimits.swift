/// Bounds on what one request may bring.
public struct AssistantLimits: Sendable {
    public var promptBytesMax = 8 << 20

    public init() {}
}
