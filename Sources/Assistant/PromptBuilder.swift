import Dialogue
import Foundation
import JSON
import Templates
import Tokens

/// From a conversation to the token ids that the model reads.
package struct PromptBuilder {
    package struct Prompt {
        package var tokens: [Int32]
        package var droppedTurns: Int
        package var toolParser: ToolCallParser?
        /// The prompt's own end opens the model's reasoning.
        package var endsInReasoning: Bool
        /// The prompt's end begins a call that is forced.
        package var opensCall: Bool

        package init(
            tokens: [Int32], droppedTurns: Int, toolParser: ToolCallParser?, endsInReasoning: Bool, opensCall: Bool
        ) {
            self.tokens = tokens
            self.droppedTurns = droppedTurns
            self.toolParser = toolParser
            self.endsInReasoning = endsInReasoning
            self.opensCall = opensCall
        }
    }

    private let tokenizer: Tokenizer
    private let template: ChatTemplate
    private let contextTokens: Int
    private let limits: AssistantLimits

    package init(tokenizer: Tokenizer, template: ChatTemplate, contextTokens: Int, _ limits: AssistantLimits) {
        self.tokenizer = tokenizer
        self.template = template
        self.contextTokens = contextTokens
        self.limits = limits
    }

    package func build(_ request: ChatRequest) throws -> Prompt {
        let bytes = request.messages.reduce(0) { $0 + $1.content.utf8.count }
        guard bytes <= limits.promptBytesMax || request.overflow == .dropOldestTurns else {
            throw AssistantError.promptTooLong(bytes: bytes, limit: limits.promptBytesMax)
        }
        let (rendering, dropped) = try fitting(request)
        return Prompt(
            tokens: rendering.tokens, droppedTurns: dropped,
            toolParser: parser(for: request, rendering), endsInReasoning: rendering.endsInReasoning,
            opensCall: !rendering.opening.isEmpty)
    }

    /// A prompt in tokens, whether its own end opens the model's reasoning, and the start of a call that it forces.
    private struct Rendering {
        var tokens: [Int32]
        var endsInReasoning: Bool
        var opening: String
    }

    /// Room kept for the answer when turns are dropped to make it.
    private func reservedTokens(_ request: ChatRequest) -> Int {
        min(request.tokensMax ?? 1024, contextTokens / 4)
    }

    private func fitting(_ request: ChatRequest) throws -> (Rendering, droppedTurns: Int) {
        let context = contextTokens
        guard request.overflow == .dropOldestTurns else {
            let whole = try rendering(of: request.messages, request)
            guard whole.tokens.count < context else {
                throw AssistantError.contextExceeded(promptTokens: whole.tokens.count, contextTokens: context)
            }
            return (whole, 0)
        }
        let room = context - reservedTokens(request)
        let candidates = Self.shortenings(of: request.messages)
        // Fewer turns are fewer tokens, so the first that fits is found by halving.
        var (low, high) = (0, candidates.count - 1)
        var best: (Rendering, droppedTurns: Int)?
        while low <= high {
            let middle = best == nil && low == 0 ? 0 : (low + high) / 2
            if let fitting = try renderingIfRoom(candidates[middle], request, room) {
                best = (fitting, middle)
                high = middle - 1
            } else {
                low = middle + 1
            }
        }
        if let best { return best }
        let shortest = try rendering(of: candidates[candidates.count - 1], request)
        guard shortest.tokens.count < context else {
            throw AssistantError.contextExceeded(promptTokens: shortest.tokens.count, contextTokens: context)
        }
        return (shortest, candidates.count - 1)
    }

    /// nil when the messages do not fit; a text far too long is not even tokenised.
    private func renderingIfRoom(_ messages: [Message], _ request: ChatRequest, _ room: Int) throws -> Rendering? {
        let bytesPerTokenMax = 16
        let bytes = messages.reduce(0) { $0 + $1.content.utf8.count }
        guard bytes <= room * bytesPerTokenMax else { return nil }
        let rendering = try rendering(of: messages, request)
        return rendering.tokens.count <= room ? rendering : nil
    }

    /// The conversation whole, then without its first turn, and so on; system messages at the start always stay.
    /// A turn begins with a message of the user.
    package static func shortenings(of messages: [Message]) -> [[Message]] {
        let head = messages.prefix { $0.role == .system || $0.role == .developer }
        let turns = messages.indices.dropFirst(head.count).filter { messages[$0].role == .user }
        return [messages] + turns.dropFirst().map { Array(head) + messages[$0...] }
    }

    private func rendering(of messages: [Message], _ request: ChatRequest) throws -> Rendering {
        do {
            var prompt = try template.render(
                messages: Self.hinted(messages, request.toolChoice),
                tools: request.toolChoice == .none ? [] : request.tools,
                addGenerationPrompt: true, extra: request.templateVariables, now: Date())
            let endsInReasoning = prompt.endsInReasoning
            let opening = endsInReasoning ? nil : opening(for: request)
            for segment in opening?.segments ?? [] { prompt.append(segment.text, isTrusted: segment.isTrusted) }
            return Rendering(
                tokens: tokenizer.encode(prompt: prompt.segments.map { ($0.text, $0.isTrusted) }),
                endsInReasoning: endsInReasoning, opening: opening?.text ?? "")
        } catch {
            throw AssistantError.template("\(error)")
        }
    }

    /// The start of the answer where a call is forced: with it in the prompt the model can only go on.
    private func opening(for request: ChatRequest) -> RenderedPrompt? {
        switch request.toolChoice {
        case .automatic, .none: nil
        case .required: template.callOpening(name: request.tools.count == 1 ? request.tools[0].name : nil)
        case .named(let name): template.callOpening(name: name)
        }
    }

    /// A forced choice is also asked of the model in words, which is all there is where the form of calls is not known
    /// or the model reasons first. The words join the system message: many templates refuse one elsewhere.
    package static func hinted(_ messages: [Message], _ choice: ChatRequest.ToolChoice) -> [Message] {
        let hint: String
        switch choice {
        case .automatic, .none: return messages
        case .required: hint = "Answer by calling one of the tools."
        case .named(let name): hint = "Answer by calling the tool \(name)."
        }
        guard var first = messages.first, first.role == .system || first.role == .developer else {
            return [Message(role: .system, content: hint)] + messages
        }
        first.content += "\n\n" + hint
        return [first] + messages.dropFirst()
    }

    private func parser(for request: ChatRequest, _ rendering: Rendering) -> ToolCallParser? {
        let usesTools = !request.tools.isEmpty && request.toolChoice != .none
        var parser = ToolCallParser(
            template: template, usesTools: usesTools, startsInReasoning: rendering.endsInReasoning)
        // An opening stops before the arguments, or before the name, so nothing of it is shown yet.
        _ = parser.append(rendering.opening)
        return parser
    }
}
