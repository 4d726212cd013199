import Assistant
import JSON

/// Turns answer events into the Responses API's typed events: items are opened, filled and closed in order.
///
/// A pure value: the route does the writing.
struct ResponseEventWriter {
    typealias Event = (name: String, value: JSONValue)

    private enum OpenItem {
        case message(output: Int)
        case call(output: Int, index: Int)
    }

    private let json: ResponseJSON
    private var answer = CollectedAnswer()
    private var open: OpenItem?
    private var outputs = 0
    private var sequence = 0

    init(json: ResponseJSON) { self.json = json }

    mutating func events(for event: AnswerEvent) -> [Event] {
        defer { answer.take(event) }
        switch event {
        case .started:
            let response = json.response(answer, status: "in_progress")
            return [
                make("response.created", ["response": response]), make("response.in_progress", ["response": response]),
            ]
        case .text(let text, _):
            return openMessage() + [textEvent("response.output_text.delta", ["delta": .string(text)])]
        case .reasoning: return []
        case .toolCallStarted(let index, let id, let name):
            let closing = close()
            open = .call(output: outputs, index: index)
            outputs += 1
            return closing + [
                make(
                    "response.output_item.added",
                    [
                        "output_index": .int(outputs - 1),
                        "item": json.call(id, name, "", status: "in_progress"),
                    ])
            ]
        case .toolCallArguments(let index, let fragment):
            guard case .call(let output, _) = open, answer.calls.indices.contains(index) else { return [] }
            return [
                make(
                    "response.function_call_arguments.delta",
                    [
                        "item_id": .string("fc_\(answer.calls[index].id)"), "output_index": .int(output),
                        "delta": .string(fragment),
                    ])
            ]
        case .finished: return finish(event)
        }
    }

    private mutating func finish(_ event: AnswerEvent) -> [Event] {
        let opening = outputs == 0 ? openMessage() : []
        let closing = close()
        var whole = answer
        whole.take(event)
        let status = json.status(of: whole)
        return opening + closing + [make("response.\(status)", ["response": json.response(whole, status: status)])]
    }

    private mutating func openMessage() -> [Event] {
        if case .message = open { return [] }
        let closing = close()
        open = .message(output: outputs)
        outputs += 1
        return closing + [
            make(
                "response.output_item.added",
                ["output_index": .int(outputs - 1), "item": json.message(nil, status: "in_progress")]),
            textEvent("response.content_part.added", ["part": json.part("")]),
        ]
    }

    private mutating func close() -> [Event] {
        defer { open = nil }
        switch open {
        case nil: return []
        case .message(let output):
            return [
                textEvent("response.output_text.done", ["text": .string(answer.text), "logprobs": .array([])]),
                textEvent("response.content_part.done", ["part": json.part(answer.text)]),
                make(
                    "response.output_item.done",
                    ["output_index": .int(output), "item": json.message(answer.text, status: "completed")]),
            ]
        case .call(let output, let index):
            guard answer.calls.indices.contains(index) else { return [] }
            let call = answer.calls[index]
            return [
                make(
                    "response.function_call_arguments.done",
                    [
                        "item_id": .string("fc_\(call.id)"), "output_index": .int(output), "name": .string(call.name),
                        "arguments": .string(call.arguments),
                    ]),
                make(
                    "response.output_item.done",
                    [
                        "output_index": .int(output),
                        "item": json.call(call.id, call.name, call.arguments, status: "completed"),
                    ]),
            ]
        }
    }

    /// An event about the text of the open message.
    private mutating func textEvent(_ name: String, _ fields: JSONObject) -> Event {
        guard case .message(let output) = open else { return make(name, fields) }
        var all = JSONObject([
            ("item_id", .string("msg_\(json.id)")), ("output_index", .int(output)), ("content_index", .int(0)),
        ])
        for (key, value) in fields { all[key] = value }
        return make(name, all)
    }

    private mutating func make(_ name: String, _ fields: JSONObject) -> Event {
        var object = JSONObject([("type", .string(name)), ("sequence_number", .int(sequence))])
        for (key, value) in fields { object[key] = value }
        sequence += 1
        return (name, .object(object))
    }
}
