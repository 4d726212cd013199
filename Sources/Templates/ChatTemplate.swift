import Dialogue
import Foundation
import JSON

/// The way from a conversation to the text a model reads: a model file's own Jinja template, executed.
///
///     let template = try ChatTemplate(source: source, bosToken: "<s>", eosToken: "</s>")
///     let prompt = try template.render(messages: messages, tools: tools, addGenerationPrompt: true)
///
/// The result is what Hugging Face's `apply_chat_template` gives, character for character, and each character is known
/// to be the template's or not (`RenderedPrompt.segments`). What a template makes of a message's text, by whatever
/// filters and slices, stays untrusted.
///
/// A template is hostile input: it runs in a sandbox without files, clock (but `strftime_now`), or change of values,
/// and `TemplateLimits` bound its time, memory and stack. Never make one of a request.
public struct ChatTemplate: Sendable {
    public let bosToken: String
    public let eosToken: String
    public let limits: TemplateLimits
    /// nil for ChatML, which is built in.
    let program: Program?
    /// What the source shows of the form that the model's family expects.
    let traits: TemplateTraits

    /// Reads a template. Throws `TemplateError.syntax` (with the line), `.unsupported` or `.limit`.
    public init(
        source: String, bosToken: String, eosToken: String, limits: TemplateLimits = TemplateLimits()
    ) throws(TemplateError) {
        program = try Program(source: source, limits: limits)
        traits = TemplateTraits(source: source)
        self.bosToken = bosToken
        self.eosToken = eosToken
        self.limits = limits
    }

    private init() {
        bosToken = ""
        eosToken = "<|im_end|>"
        limits = TemplateLimits()
        program = nil
        traits = TemplateTraits(source: "")
    }

    /// The fallback for files without a template. It has no place for tools.
    public static let chatML = ChatTemplate()

    /// Renders a conversation.
    ///
    /// `extra` are further variables of the template (`enable_thinking`, for example); they may come from a request and
    /// are untrusted. `now` is what `strftime_now` tells. Throws `TemplateError.refused` when the template itself
    /// rejects the conversation.
    public func render(
        messages: [Message], tools: [Tool] = [], addGenerationPrompt: Bool, extra: [String: JSONValue] = [:],
        now: Date = Date()
    ) throws(TemplateError) -> RenderedPrompt {
        guard program != nil else {
            return try renderChatML(messages, tools, addGenerationPrompt: addGenerationPrompt)
        }
        func render(_ form: MessageForm) throws(TemplateError) -> RenderedPrompt {
            try self.render(
                messages: .array(messages.map(form.json)), tools: tools.isEmpty ? nil : .array(tools.map(form.json)),
                addGenerationPrompt: addGenerationPrompt, extra: extra, now: now)
        }
        do throws(TemplateError) {
            return try render(MessageForm(traits))
        } catch {
            guard case .evaluation = error else { throw error }
            // Some templates add a call's arguments or a tool's description to a text, which fails unless they are one.
            let hasCalls = messages.contains { !$0.toolCalls.isEmpty }
            let lacksDescription = tools.contains { $0.description == nil }
            for (asText, describes) in [(hasCalls, false), (false, lacksDescription), (hasCalls, lacksDescription)]
            where asText || describes {
                let form = MessageForm(traits, argumentsAreText: asText, describesAll: describes)
                if let prompt = try? render(form) { return prompt }
            }
            throw error
        }
    }

    /// Renders messages as a client wrote them: `messages` is an array of objects and goes to the template unchanged,
    /// in the order of its members. `tools` is an array or nil.
    ///
    /// Without tools a template gets none for them, as from Hugging Face. Those that walk their tools without asking
    /// fail at that (Hermes' and Command R's for tools), and are then run once more without the variable.
    public func render(
        messages: JSONValue, tools: JSONValue?, addGenerationPrompt: Bool, extra: [String: JSONValue] = [:],
        now: Date = Date()
    ) throws(TemplateError) -> RenderedPrompt {
        guard let items = messages.array else { throw .input("messages is \(messages.kind), expected array") }
        guard let program else {
            return try renderChatML(items, tools, addGenerationPrompt: addGenerationPrompt)
        }
        var variables: [String: Value] = [:]
        for (name, value) in extra { variables[name] = Value(value) }
        variables["messages"] = Value.messages(items)
        variables["tools"] = tools.map(Value.init) ?? Value.none
        if variables["documents"] == nil { variables["documents"] = Value.none }
        variables["add_generation_prompt"] = .bool(addGenerationPrompt)
        variables["bos_token"] = .trusted(bosToken)
        variables["eos_token"] = .trusted(eosToken)
        for value in variables.values where value.depth > limits.valueDepthMax {
            throw .limit(name: "valueDepthMax", value: limits.valueDepthMax)
        }
        do throws(TemplateError) {
            return try Renderer(program, limits, variables: variables, now: now).render()
        } catch {
            guard tools?.isNull ?? true, case .evaluation = error else { throw error }
            variables["tools"] = nil
            guard let prompt = try? Renderer(program, limits, variables: variables, now: now).render() else {
                throw error
            }
            return prompt
        }
    }
}

extension RenderedPrompt {
    /// - Parameter answers: in scalars, ascending.
    init(_ text: Text, answers: [Range<Int>] = []) {
        self.init()
        for run in text.runs { append(text[run.range].string, isTrusted: run.isTrusted) }
        var (place, bytes) = (0, 0)
        func bytesBefore(_ position: Int) -> Int {
            for scalar in text.scalars[place..<position] { bytes += UTF8.width(scalar) }
            place = position
            return bytes
        }
        self.answers = answers.map { range in
            let start = bytesBefore(range.lowerBound)
            return start..<bytesBefore(range.upperBound)
        }
    }
}
