import Assistant
import JSON

/// Turns answer events into the Responses API's typed events: items are opened, filled and closed in order.
///
/// A pure value: the route does the writing. After the last event `response` is the whole response.
struct ResponseEventWriter {
    typealias Message = EventStream.Message

    private let json: ResponseJSON
    private let makeID: () -> String
    private var items: [ResponseItem] = []
    /// Whether the last of `items` may still grow.
    private var isOpen = false
    private var sequence = 0
    private(set) var response: JSONValue = .null

    init(json: ResponseJSON, makeID: @escaping () -> String) {
        self.json = json
        self.makeID = makeID
    }

    mutating func messages(for event: AnswerEvent) throws -> [Message] {
        switch event {
        case .started:
            let response = json.response([], .inProgress)
            return [
                make("response.created", ["response": response]), make("response.in_progress", ["response": response]),
            ]
        case .text(let text, _): return text.isEmpty ? [] : openMessage() + [append(text)]
        case .reasoning(let text): return openReasoning() + [append(text)]
        case .toolCallStarted(_, let id, let name):
            return close() + [open("fc", .call(id: id, name: name, arguments: ""))]
        case .toolCallArguments(_, let fragment): return [append(fragment)]
        case .finished(let end):
            try end.requireWhole()
            return finish(end)
        }
    }

    /// The events that end a response which failed after it had begun.
    mutating func failure(_ error: APIError) -> [Message] {
        let value: JSONValue = ["code": .string(error.code ?? "server_error"), "message": .string(error.message)]
        let detail = error.json["error"] ?? .null
        return [
            make("response.failed", ["response": json.response(items, .failed, error: value)]),
            // What clients look for on any stream.
            make(
                "error",
                ["code": detail["code"] ?? .null, "message": .string(error.message), "param": .null, "error": detail]),
        ]
    }

    private mutating func finish(_ end: AnswerEnd) -> [Message] {
        let messages = (items.isEmpty ? openMessage() : []) + close()
        let status: ResponseJSON.Status = end.reason == .length ? .incomplete : .completed
        response = json.response(items, status, usage: end.usage)
        return messages + [make("response.\(status.rawValue)", ["response": response])]
    }

    private mutating func openMessage() -> [Message] {
        if isOpen, case .message? = items.last?.content { return [] }
        return close() + [
            open("msg", .message(text: "")),
            part("response.content_part.added", ["part": ResponseItem.part("")]),
        ]
    }

    private mutating func openReasoning() -> [Message] {
        if isOpen, case .reasoning? = items.last?.content { return [] }
        return close() + [open("rs", .reasoning(text: ""))]
    }

    private mutating func open(_ prefix: String, _ content: ResponseItem.Content) -> Message {
        let item = ResponseItem(id: "\(prefix)_\(makeID())", content: content)
        items.append(item)
        isOpen = true
        return make(
            "response.output_item.added", ["output_index": .int(items.count - 1), "item": item.json(isDone: false)])
    }

    private mutating func append(_ piece: String) -> Message {
        let place = items.count - 1
        let delta = JSONValue.string(piece)
        switch items[place].content {
        case .message(let text):
            items[place].content = .message(text: text + piece)
            return part("response.output_text.delta", ["delta": delta, "logprobs": []])
        case .reasoning(let text):
            items[place].content = .reasoning(text: text + piece)
            return part("response.reasoning_text.delta", ["delta": delta])
        case .call(let id, let name, let arguments):
            items[place].content = .call(id: id, name: name, arguments: arguments + piece)
            return inItem("response.function_call_arguments.delta", ["delta": delta])
        }
    }

    private mutating func close() -> [Message] {
        guard isOpen, let item = items.last else { return [] }
        isOpen = false
        var messages: [Message] = []
        switch item.content {
        case .message(let text):
            messages = [
                part("response.output_text.done", ["text": .string(text), "logprobs": []]),
                part("response.content_part.done", ["part": ResponseItem.part(text)]),
            ]
        case .reasoning(let text):
            messages = [part("response.reasoning_text.done", ["text": .string(text)])]
        case .call(_, let name, let arguments):
            messages = [
                inItem(
                    "response.function_call_arguments.done",
                    ["name": .string(name), "arguments": .string(arguments)])
            ]
        }
        let done = make(
            "response.output_item.done", ["output_index": .int(items.count - 1), "item": item.json(isDone: true)])
        return messages + [done]
    }

    /// An event about the only part of the open item.
    private mutating func part(_ name: String, _ fields: JSONObject) -> Message {
        inItem(name, JSONObject([("content_index", .int(0))] + fields.map { ($0.key, $0.value) }))
    }

    private mutating func inItem(_ name: String, _ fields: JSONObject) -> Message {
        let item = JSONObject([
            ("item_id", .string(items.last?.id ?? "")), ("output_index", .int(items.count - 1)),
        ])
        return make(name, JSONObject(item.map { ($0.key, $0.value) } + fields.map { ($0.key, $0.value) }))
    }

    private mutating func make(_ name: String, _ fields: JSONObject) -> Message {
        var object = JSONObject([("type", .string(name)), ("sequence_number", .int(sequence))])
        for (key, value) in fields { object[key] = value }
        sequence += 1
        return Message(name: name, data: .object(object))
    }
}
