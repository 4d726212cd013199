public import Grammar

/// Bounds on what one request, or one adapter, may bring.
public struct AssistantLimits: Sendable {
    public var promptBytesMax = 8 << 20
    /// Adapters in memory at once.
    public var adaptersMax = 64
    /// One adapter's file: of rank 64 for all of a 7B model it has 0.6 GB.
    public var adapterBytesMax = 2 << 30
    public var adapterNameBytesMax = 200
    /// Of the form that an answer is held to.
    public var grammar = GrammarLimits()
    /// Compiled forms that are kept.
    public var grammarsMax = 32

    public init() {}
}
