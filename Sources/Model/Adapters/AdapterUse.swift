/// An adapter and how much of it a run wants.
public struct AdapterUse: Sendable, Equatable {
    public let adapter: Adapter
    /// Multiplies what the adapter adds: 1 is as it was trained, 0 as if it were not there.
    public let scale: Float

    public init(_ adapter: Adapter, scale: Float = 1) {
        self.adapter = adapter
        self.scale = scale
    }

    public static func == (one: AdapterUse, other: AdapterUse) -> Bool {
        one.adapter.id == other.adapter.id && one.scale == other.scale
    }
}
