/// How the next token is chosen from the model's scores.
///
///     var sampling = SamplingParameters()
///     sampling.temperature = 0.7
///     sampling.topP = 0.9
///
/// Applied in this order: logit bias, penalties (repetition, presence, frequency), DRY, a constraint's mask,
/// temperature, top-k, typical, top-p, min-p, the draw. Temperature comes before the filters, as in Hugging Face's
/// generation and vLLM. Each step has a file with its formula beside this one.
public struct SamplingParameters: Sendable, Equatable {
    /// Scores are divided by it; 0 takes the best token always. Below `temperatureMin` it counts as 0.
    public var temperature: Float = 1
    /// The k best tokens stay; 0 keeps all.
    public var topK = 0
    /// The smallest set of best tokens with this share of the probability stays; 1 keeps all.
    public var topP: Float = 1
    /// Tokens with at least this share of the best one's probability stay; 0 keeps all.
    public var minP: Float = 0
    /// The tokens nearest to the expected surprise, with this share of the probability, stay; 1 keeps all.
    public var typicalP: Float = 1
    /// Divides positive and multiplies negative scores of tokens in the prompt and the answer; 1 changes nothing.
    public var repetitionPenalty: Float = 1
    /// Taken once from the score of every token of the answer.
    public var presencePenalty: Float = 0
    /// Taken from a token's score for every time it is in the answer.
    public var frequencyPenalty: Float = 0
    /// The penalties look at so many of the last tokens.
    public var penaltyTokensMax = Int.max
    /// Against repeated passages.
    public var dry = DrySettings()
    /// Added to the scores of these tokens before anything else.
    public var logitBias: [Int32: Float] = [:]
    /// The same seed, request and model give the same answer, whatever else runs. nil: a random one.
    public var seed: UInt64?
    /// Report each token's log-probability and so many alternatives, 0...`logprobsMax`; nil reports none.
    public var logprobs: Int?

    public init() {}

    /// Takes the best token, always.
    public static var greedy: SamplingParameters {
        var parameters = SamplingParameters()
        parameters.temperature = 0
        return parameters
    }

    /// A temperature below this is 0: dividing by it would leave one token anyway, or overflow.
    public static let temperatureMin: Float = 0.001
    /// Alternatives reported for one token at most.
    public static let logprobsMax = 20
}
