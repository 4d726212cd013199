import Inference
public import Kernels
public import Weights

/// How a model is run. The defaults suit one machine that serves a few people.
///
///     var options = AssistantOptions()
///     options.contextTokens = 4096
///     let assistant = try Assistant.load(path: "model.gguf", name: "qwen", options: options)
public struct AssistantOptions: Sendable {
    /// Threads that compute; nil is one for each physical core that this process may use, and no more than its
    /// control group has time for.
    public var threads: Int?
    /// Tokens of one conversation; nil is what the model was made for, up to a bound of the engine's.
    public var contextTokens: Int?
    /// Tokens that the cache holds for all conversations together; nil leaves it to the engine.
    public var cacheTokens: Int?
    /// How the cache stores keys and values; `q8_0` takes about half the memory of `f16`.
    public var cacheElement = KVStorage.Element.f16
    /// Answers written at the same time.
    public var sequencesMax: Int?
    /// Requests that may wait for their turn.
    public var queueMax: Int?
    /// Seconds that a request may wait for its turn.
    public var queueSecondsMax: Double?
    /// Whether tokens are guessed and checked several at a time; the answers are the same.
    public var speculation = SpeculationOptions.Mode.auto
    /// The file or folder of a quicker model of the same vocabulary that guesses; nil: only what came before is.
    public var draftPath: String?
    /// Where hashes of large files are remembered.
    public var contentSums = ContentSums()
    public var limits = AssistantLimits()

    public init() {}

    /// The threads that nil stands for.
    public var effectiveThreads: Int { threads ?? Processors.threads }
}
