import Dialogue
import Foundation
import Inference
import Model
import Templates
import Tokens
import Weights

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
    let model: Transformer
    /// The model's files, against which adapters are compared.
    let files: ModelFiles
    let contentSums: ContentSums
    /// What every request of this assistant has.
    let adapters: [AdapterUse]
    private let stopTokens: Set<Int32>
    private let grammars: GrammarShelf
    /// Strings that end an answer beside a request's own.
    private let templateStops: [String]

    init(
        name: String, description: ModelDescription, text: TextModel, template: ChatTemplate, model: Transformer,
        engine: Engine, contentSums: ContentSums, limits: AssistantLimits
    ) {
        self.name = name
        self.description = description
        self.template = template
        self.engine = engine
        self.limits = limits
        self.model = model
        self.contentSums = contentSums
        files = text.files
        adapters = []
        tokenizer = text.tokenizer
        stopTokens = text.stopTokens
        grammars = GrammarShelf(tokenizer: text.tokenizer, stopTokens: text.stopTokens, limits)
        if case .fallback(let fallback) = text.templateOrigin {
            templateStops = fallback.stops
        } else {
            templateStops = []
        }
    }

    /// The same model under another name: tokenizer, engine and cache are shared.
    init(_ base: Assistant, name: String, adapters: [AdapterUse]) {
        self.name = name
        self.adapters = adapters
        description = base.description
        template = base.template
        engine = base.engine
        limits = base.limits
        model = base.model
        (files, contentSums) = (base.files, base.contentSums)
        tokenizer = base.tokenizer
        stopTokens = base.stopTokens
        grammars = base.grammars
        templateStops = base.templateStops
    }

    /// Starts an answer. Throws `AssistantError` before the first event when there can be none.
    public func chat(_ request: ChatRequest) async throws -> AnswerStream {
        let builder = PromptBuilder(
            tokenizer: tokenizer, template: template, contextTokens: description.contextTokens, limits)
        let prompt = try builder.build(request)
        var generation = GenerationRequest(
            prompt: prompt.tokens,
            maxTokens: min(request.tokensMax ?? Int.max, description.contextTokens - prompt.tokens.count))
        generation.sampling = request.sampling
        generation.stopTokens = request.ignoresEnd ? [] : stopTokens
        generation.owner = request.owner
        generation.priority = request.priority
        generation.constraint = try AnswerForm(template, request, prompt).constraint(from: grammars)
        return try start(
            generation, secondsMax: request.secondsMax,
            AnswerWriter(
                tokenizer: tokenizer, stops: request.stops + (request.ignoresEnd ? [] : templateStops),
                parser: prompt.toolParser,
                droppedTurns: prompt.droppedTurns))
    }

    /// Continues a text as it stands. A token ends it only when the model's own end token does.
    public func complete(_ request: CompletionRequest) async throws -> AnswerStream {
        var tokens = try self.tokens(of: request.prompt, addBOS: tokenizer.addsBOS)
        if tokens.isEmpty {
            // Something must be read before anything can follow: what begins or separates texts.
            guard let first = tokenizer.bosID ?? tokenizer.eosID else {
                throw AssistantError.invalidRequest(
                    field: "prompt", reason: "it is empty, and the model has no start token.")
            }
            tokens = [first]
        }
        guard tokens.count + min(1, request.tokensMax) <= description.contextTokens else {
            throw AssistantError.contextExceeded(promptTokens: tokens.count, contextTokens: description.contextTokens)
        }
        var generation = GenerationRequest(
            prompt: tokens, maxTokens: min(request.tokensMax, description.contextTokens - tokens.count))
        generation.sampling = request.sampling
        generation.stopTokens = request.ignoresEnd ? [] : stopTokens
        generation.promptLogprobs = request.scoresPrompt
        generation.owner = request.owner
        generation.priority = request.priority
        generation.constraint = try AnswerForm(request.format).constraint(from: grammars)
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
            let vectors = try await engine.embed(prompts, owner: owner, adapters: adapters)
            return (vectors, prompts.reduce(0) { $0 + $1.count })
        } catch {
            try Task.checkCancellation()
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

    public var queue: QueueState { engine.queue }

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
                    field: "prompt",
                    reason: "token \(unknown) is outside the vocabulary of \(tokenizer.vocabularySize).")
            }
            return tokens
        }
    }

    private func start(
        _ generation: GenerationRequest, secondsMax: Double?, _ writer: AnswerWriter
    ) throws -> AnswerStream {
        let generated: AsyncStream<GenerationEvent>
        var generation = generation
        generation.adapters = adapters
        do {
            generated = try engine.generate(generation)
        } catch {
            throw AssistantError(error)
        }
        return AnswerStream(events: AnswerStream.write(generated, with: writer, secondsMax: secondsMax))
    }
}
