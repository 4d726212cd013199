/// What one template may cost. A template comes from a model file, which is hostile input.
public struct TemplateLimits: Sendable, Hashable {
    /// UTF-8 bytes of the template's source.
    public var sourceBytesMax: Int
    /// UTF-8 bytes of one rendered prompt.
    public var outputBytesMax: Int

    public init(sourceBytesMax: Int = 1 << 20, outputBytesMax: Int = 64 << 20) {
        self.sourceBytesMax = sourceBytesMax
        self.outputBytesMax = outputBytesMax
    }
}
