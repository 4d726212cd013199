/// What a loaded model is, for lists and pages.
public struct ModelDescription: Sendable, Equatable {
    public var architecture: String
    public var parameters: Int
    public var quantization: String
    /// The context that the engine was given, in tokens.
    public var contextTokens: Int
    /// The context that the model was made for.
    public var trainedContextTokens: Int
    public var fileBytes: Int
}
