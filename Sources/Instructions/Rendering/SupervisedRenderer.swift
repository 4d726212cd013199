import Dialogue
import Templates
import Tokens

/// From an example to ids and targets, by the template and the tokenizer that serve.
///
///     let renderer = SupervisedRenderer(
///         tokenizer: text.tokenizer, template: try text.template(), endTokens: text.stopTokens,
///         options: RenderingOptions(now: now))
///     let lessons = try renderer.render(example)
///
/// What holds of every result:
/// - before each answer stand exactly the ids that serving gives the model when it asks for that answer;
/// - targets are the answer and the first end token after it, and nothing else;
/// - control tokens are read in the template's own characters only, never in a message's.
///
/// A conversation is one result where the template writes the earlier turns of a conversation as they were when they
/// were the last. Where it does not (reasoning of earlier turns is left out, say), each answer is a result of its own,
/// with the turns before it as serving would show them.
package struct SupervisedRenderer: Sendable {
    let tokenizer: Tokenizer
    let template: ChatTemplate
    let endTokens: Set<Int32>
    let options: RenderingOptions

    /// - Parameter endTokens: tokens at which serving ends an answer.
    package init(tokenizer: Tokenizer, template: ChatTemplate, endTokens: Set<Int32>, options: RenderingOptions) {
        self.tokenizer = tokenizer
        self.template = template
        self.endTokens = endTokens
        self.options = options
    }

    /// The lessons of a demonstration or a judged answer; each has a target.
    package func render(_ example: InstructionExample) throws(RenderingError) -> [RenderedExample] {
        var answers = example.messages.indices.filter {
            example.messages[$0].role == .assistant && !example.untaught.contains($0)
        }
        switch example.lesson {
        // Only what came after the last question was judged.
        case .judgement:
            let question = example.messages.lastIndex { $0.role == .user } ?? -1
            answers.removeAll { $0 < question }
        default: if options.answers == .last { answers = answers.suffix(1) }
        }
        return try render(example.messages, tools: example.tools, answers: answers, source: example.source)
    }

    /// The two continuations of a preference; what is taught of each begins after the prompt.
    ///
    /// - Returns: nil for an example that is no preference.
    package func renderPair(
        _ example: InstructionExample
    ) throws(RenderingError) -> (chosen: RenderedExample, rejected: RenderedExample)? {
        guard case .preference(let chosen, let rejected) = example.lesson else { return nil }
        func continuation(_ messages: [Message]) throws(RenderingError) -> RenderedExample {
            let whole = example.messages + messages
            let answers = whole.indices.filter { $0 >= example.messages.count && whole[$0].role == .assistant }
            guard let lesson = try render(whole, tools: example.tools, answers: answers, source: example.source).last
            else { throw .noAnswer }
            return lesson
        }
        return (try continuation(chosen), try continuation(rejected))
    }

    /// The ids that serving gives the model for a prompt: what a task's answers are sampled after.
    package func prompt(_ messages: [Message], tools: [Tool]) throws(RenderingError) -> [Int32] {
        tokenizer.encode(prompt: try rendered(messages[...], tools, addGenerationPrompt: true).parts)
    }

    /// Teaches the answers at these places of a conversation.
    package func render(
        _ messages: [Message], tools: [Tool], answers: [Int], source: SourceLine
    ) throws(RenderingError) -> [RenderedExample] {
        var turns: [Turn] = []
        for answer in answers {
            let turn = try turn(messages, tools, answer)
            if !turn.targets.isEmpty { turns.append(turn) }
        }
        guard let last = turns.last else { throw .noAnswer }
        // Each turn is as serving shows it, so all there is to ask is whether the last begins with the others.
        guard turns.allSatisfy({ last.tokens.starts(with: $0.tokens) }) else {
            return turns.map { lesson($0.tokens, [$0], source) }
        }
        return [lesson(last.tokens, turns, source)]
    }

    private func lesson(_ tokens: [Int32], _ turns: [Turn], _ source: SourceLine) -> RenderedExample {
        var isTarget = Array(repeating: false, count: tokens.count)
        for turn in turns { turn.mark(&isTarget) }
        return RenderedExample(tokens: tokens, isTarget: isTarget, source: source)
    }
}
