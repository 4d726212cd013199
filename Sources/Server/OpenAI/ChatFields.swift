import Assistant
import Dialogue
import JSON

/// `POST /v1/chat/completions` as the client wrote it, checked.
package struct ChatFields {
    var chat: ChatRequest
    var model: String?
    var adapters: [AdapterChoice]?
    var choices: Int
    var streams: Bool
    var includesUsage: Bool
    var wantsLogProbabilities: Bool
    var callsInParallel: Bool
    var dryBreakers: [String]

    package init(_ body: RequestFields, limits: ServerLimits, owner: String) throws {
        guard let list = try body.array("messages") else { throw APIError.missing("messages") }
        guard !list.isEmpty else { throw APIError.invalid("messages", "at least one message is needed.") }
        guard list.count <= limits.messagesMax else {
            throw APIError.invalid("messages", "\(list.count) messages, the limit is \(limits.messagesMax).")
        }
        let messages = try list.enumerated().map { place, value in
            try Message(RequestFields(value, path: "messages[\(place)]"))
        }
        chat = ChatRequest(messages: messages, owner: owner, secondsMax: limits.requestSecondsMax)
        chat.tools = try body.tools(limits)
        chat.toolChoice = try body.toolChoice(among: chat.tools)
        chat.sampling = try body.sampling(limits)
        dryBreakers = try body.dryBreakers(limits)
        chat.stops = try body.stops(limits)
        chat.format = try body.format()
        chat.tokensMax =
            try body.int("max_completion_tokens", in: 1...Int(Int32.max))
            ?? body.int("max_tokens", in: 1...Int(Int32.max))
        chat.overflow = try body.overflow()
        chat.priority = try body.priority()
        chat.ignoresEnd = try body.bool("ignore_eos") ?? false
        chat.templateVariables = try body.templateVariables()
        model = try body.string("model")
        adapters = try body.adapters()
        choices = try body.int("n", in: 1...limits.choicesMax) ?? 1
        streams = try body.bool("stream") ?? false
        includesUsage = try body.includesUsage(streams: streams)
        callsInParallel = try body.bool("parallel_tool_calls") ?? true
        wantsLogProbabilities = try body.bool("logprobs") ?? false
        let alternatives = try body.int("top_logprobs", in: 0...limits.topLogProbabilitiesMax)
        guard alternatives == nil || wantsLogProbabilities else {
            throw APIError.invalid("top_logprobs", "needs 'logprobs' to be true.")
        }
        if wantsLogProbabilities { chat.sampling.logprobs = alternatives ?? 0 }
        try body.refuseUnsupported()
    }

    /// Whether the client sees this event: the first call only, where calls in parallel are not wanted.
    func keeps(_ event: AnswerEvent) -> Bool { callsInParallel || (event.callIndex ?? 0) == 0 }
}

extension AnswerEvent {
    /// The call that an event belongs to; nil for all others.
    var callIndex: Int? {
        switch self {
        case .toolCallStarted(let index, _, _), .toolCallArguments(let index, _): index
        case .started, .text, .reasoning, .finished: nil
        }
    }
}
