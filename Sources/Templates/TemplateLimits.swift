/// What one template may cost. A template comes from a model file, which is hostile input.
///
/// The defaults stop the worst template we know of within about 100 ms of one core, and leave a conversation of
/// thousands of messages all the room it needs.
public struct TemplateLimits: Sendable, Hashable {
    /// UTF-8 bytes of the template's source.
    public var sourceBytesMax: Int
    /// How deep brackets and blocks may nest in the source.
    public var nestingMax: Int
    /// Steps of one rendering: an expression or a statement is one, work on long texts and lists is more.
    public var stepsMax: Int
    /// How deep calls, blocks and expressions may be inside each other while rendering.
    public var recursionMax: Int
    /// UTF-8 bytes of one rendered prompt.
    public var outputBytesMax: Int
    /// Characters of any other text that a template makes.
    public var stringCharactersMax: Int
    /// Items of a `range` and of any list that a template makes.
    public var listItemsMax: Int
    /// How deep lists and dictionaries may nest in each other.
    public var valueDepthMax: Int

    public init(
        sourceBytesMax: Int = 1 << 20, nestingMax: Int = 100, stepsMax: Int = 2_000_000, recursionMax: Int = 200,
        outputBytesMax: Int = 16 << 20, stringCharactersMax: Int = 8 << 20, listItemsMax: Int = 100_000,
        valueDepthMax: Int = 100
    ) {
        self.sourceBytesMax = sourceBytesMax
        self.nestingMax = nestingMax
        self.stepsMax = stepsMax
        self.recursionMax = recursionMax
        self.outputBytesMax = outputBytesMax
        self.stringCharactersMax = stringCharactersMax
        self.listItemsMax = listItemsMax
        self.valueDepthMax = valueDepthMax
    }
}
