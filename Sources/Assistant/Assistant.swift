import Dialogue
import Foundation
import Inference
import Templates
import Tokens

/// A model that answers: its tokenizer, its chat template and the engine that computes.
///
///     let assistant = try Assistant.load(path: "model.gguf", name: "qwen")
///     for try await event in try await assistant.chat(ChatRequest(messages: [Message(role: .user, content: "你好")])) {
///         if case .text(let text, _) = event { print(text, terminator: "") }
///     }
///
/// Text lives here and above; the engine below knows token ids only.
public final class Assistant: Sendable {
    public let name: String
    public let description: ModelDescription
    let tokenizer: Tokenizer
    let template: ChatTemplate
    let engine: Engine
    let limits: AssistantLimits

    init(
        name: String, description: ModelDescription, tokenizer: Tokenizer, template: ChatTemplate, engine: Engine,
        limits: AssistantLimits
    ) {
        self.name = name
        self.description = description
        self.tokenizer = tokenizer
        self.template = template
        self.engine = engine
        self.limits = limits
    }

    /// Starts an answer. Throws `AssistantError` before the first event when there can be none.
    public func chat(_ request: ChatRequest) async throws -> AnswerStream {
        let prompt = try PromptBuilder(tokenizer: tokenizer, template: template, description, limits).build(request)
        var generation = GenerationRequest(
            prompt: prompt.tokens,
            maxTokens: min(request.tokensMax ?? Int.max, description.contextTokens - prompt.tokens.count))
        generation.sampling = request.sampling
        generation.stopTokens = tokenizer.endOfTurnIDs
        generation.owner = request.owner
        let parser = prompt.toolParser
        return try start(
            generation, secondsMax: request.secondsMax,
            AnswerWriter(tokenizer: tokenizer, stops: request.stops, parser: parser, droppedTurns: prompt.droppedTurns))
    }

    /// Continues a text as it stands. A token ends it only when the model's own end token does.
    public func complete(_ request: CompletionRequest) async throws -> AnswerStream {
        let tokens = try self.tokens(of: request.prompt, addBOS: tokenizer.addsBOS)
        guard tokens.count + min(1, request.tokensMax) <= description.contextTokens else {
            throw AssistantError.contextExceeded(promptTokens: tokens.count, contextTokens: description.contextTokens)
        }
        var generation = GenerationRequest(
            prompt: tokens, maxTokens: min(request.tokensMax, description.contextTokens - tokens.count))
        generation.sampling = request.sampling
        generation.stopTokens = tokenizer.endOfTurnIDs
        generation.promptLogprobs = request.scoresPrompt
        generation.owner = request.owner
        return try start(
            generation, secondsMax: request.secondsMax,
            AnswerWriter(tokenizer: tokenizer, stops: request.stops, parser: nil, droppedTurns: 0))
    }

    /// The mean of each text's last hidden states, scaled to length 1, and the tokens read in all.
    public func embed(
        _ inputs: [CompletionRequest.Prompt], owner: String
    ) async throws -> (vectors: [[Float]], tokens: Int) {
        let prompts = try inputs.map { try tokens(of: $0, addBOS: tokenizer.addsBOS) }
        if let long = prompts.first(where: { $0.count > description.contextTokens }) {
            throw AssistantError.contextExceeded(promptTokens: long.count, contextTokens: description.contextTokens)
        }
        if prompts.contains(where: \.isEmpty) {
            throw AssistantError.invalidRequest(field: "input", reason: "an input is empty.")
        }
        do {
            return (try await engine.embed(prompts), prompts.reduce(0) { $0 + $1.count })
        } catch let error as EngineError {
            throw AssistantError(error)
        }
    }

    /// Token ids of a text; special tokens in it are text unless asked for.
    public func encode(_ text: String, special: Bool = false, addBOS: Bool = false) -> [Int32] {
        tokenizer.encode(text, special: special, addBOS: addBOS && tokenizer.addsBOS)
    }

    public func decode(_ tokens: [Int32], special: Bool = false) -> String {
        tokenizer.decode(tokens.filter { Int($0) < tokenizer.vocabularySize }, special: special)
    }

    public var statistics: EngineStatistics { engine.statistics }

    /// Takes no new requests, waits for running answers at most so long, then stops the engine.
    public func drain(secondsMax: Double) async { await engine.shutdown(drainSecondsMax: secondsMax) }

    private func tokens(of prompt: CompletionRequest.Prompt, addBOS: Bool) throws -> [Int32] {
        switch prompt {
        case .text(let text):
            guard text.utf8.count <= limits.promptBytesMax else {
                throw AssistantError.promptTooLong(bytes: text.utf8.count, limit: limits.promptBytesMax)
            }
            return tokenizer.encode(text, special: false, addBOS: addBOS)
        case .tokens(let tokens):
            if let unknown = tokens.first(where: { $0 < 0 || Int($0) >= tokenizer.vocabularySize }) {
                throw AssistantError.invalidRequest(
                    field: "prompt", reason: "token \(unknown) is outside the vocabulary of \(tokenizer.vocabularySize).")
            }
            return tokens
        }
    }

    private func start(
        _ generation: GenerationRequest, secondsMax: Double?, _ writer: AnswerWriter
    ) throws -> AnswerStream {
        let generated: AsyncStream<GenerationEvent>
        do {
            generated = try engine.generate(generation)
        } catch let error as EngineError {
            throw AssistantError(error)
        }
        return AnswerStream(events: AnswerStream.write(generated, with: writer, secondsMax: secondsMax))
    }
}

/// Bounds on what one request may bring.
public struct AssistantLimits: Sendable {
    public var promptBytesMax = 8 << 20

    public init() {}
}

/// What a model is, for lists and pages.
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
