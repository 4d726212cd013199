import Dialogue
import JSON

/// Asks of every example what no schema says and training needs.
struct ExampleCheck {
    let limits: InstructionLimits

    func check(_ example: InstructionExample) throws(FieldFault) {
        guard example.tools.count <= limits.toolsMax else {
            throw FieldFault(
                "tools", zh: "有 \(example.tools.count) 个工具，上限是 \(limits.toolsMax)；请减少",
                en: "\(example.tools.count) tools, the limit is \(limits.toolsMax); give fewer")
        }
        switch example.lesson {
        case .demonstration, .judgement:
            try check(example.messages, example.tools, endsInAnswer: true)
            let isTaught = example.messages.indices.contains {
                example.messages[$0].role == .assistant && !example.untaught.contains($0)
            }
            guard isTaught else {
                throw FieldFault(
                    "messages", zh: "所有回答的 weight 都是 0，没有要学的；请把一个改为 1，或删去这一行",
                    en: "every answer has weight 0, so nothing is taught; give one weight 1, or take the line out")
            }
        case .preference(let chosen, let rejected):
            for (name, side) in [("chosen", chosen), ("rejected", rejected)] {
                guard side.contains(where: { $0.role == .assistant }) else {
                    throw FieldFault(
                        name, zh: "没有 assistant 的回答；请补上", en: "has no answer of the assistant; add one")
                }
                try check(example.messages + side, example.tools, endsInAnswer: true, name)
            }
            guard let last = example.messages.last, last.role != .system else { throw Self.noPrompt }
        case .task:
            try check(example.messages, example.tools, endsInAnswer: false)
            guard let last = example.messages.last, last.role != .system else { throw Self.noPrompt }
            guard last.role != .assistant else {
                throw FieldFault(
                    "prompt", zh: "以 assistant 结尾；任务的提示应以 user 或 tool 结尾",
                    en: "ends with the assistant; a task's prompt ends with user or tool")
            }
        }
    }

    private static let noPrompt = FieldFault(
        "prompt", zh: "没有提问；请补上 prompt", en: "nobody asks anything; add a prompt")

    private func check(
        _ messages: [Message], _ tools: [Tool], endsInAnswer: Bool, _ field: String = "messages"
    ) throws(FieldFault) {
        guard let last = messages.last else {
            throw FieldFault(field, zh: "是空的；请补上对话，或删去这一行", en: "is empty; add messages, or take the line out")
        }
        guard messages.count <= limits.messagesMax else {
            throw FieldFault(
                field, zh: "有 \(messages.count) 条消息，上限是 \(limits.messagesMax)；请拆成几行",
                en: "\(messages.count) messages, the limit is \(limits.messagesMax); split the conversation")
        }
        var calls: Set<String> = []
        for (place, message) in messages.enumerated() {
            try check(message, "messages[\(place)]", tools, &calls)
        }
        if endsInAnswer, last.role != .assistant {
            throw FieldFault(
                field, zh: "以 \(last.role.rawValue) 结尾，没有回答；请补上 assistant 的回答，或删去最后一条",
                en: "ends with \(last.role.rawValue) and no answer; add the assistant's answer, or take the last out")
        }
    }

    private func check(
        _ message: Message, _ field: String, _ tools: [Tool], _ calls: inout Set<String>
    ) throws(FieldFault) {
        let isEmpty = message.content.allSatisfy(\.isWhitespace)
        switch message.role {
        case .user where isEmpty:
            throw FieldFault(field, zh: "user 的内容是空的；请补上提问", en: "the user says nothing; add the question")
        case .assistant where isEmpty && message.toolCalls.isEmpty:
            throw FieldFault(
                field, zh: "assistant 的回答是空的，会教模型什么都不说；请补上回答，或删去这一行",
                en: "the answer is empty, which teaches to say nothing; add the answer, or take the line out")
        case .tool:
            guard let id = message.toolCallID, calls.contains(id) else {
                throw FieldFault(
                    field, zh: "工具的结果之前没有对应的调用；请在 assistant 消息里补上 tool_calls，并核对 tool_call_id",
                    en: "no call stands before this tool's result; add tool_calls to the assistant's message, and "
                        + "compare tool_call_id")
            }
        default: break
        }
        for call in message.toolCalls {
            calls.insert(call.id)
            guard tools.isEmpty || tools.contains(where: { $0.name == call.name }) else {
                throw FieldFault(
                    field, zh: "调用了 tools 里没有的工具“\(call.name.prefix(64))”；请补上它，或改正名字",
                    en: "calls “\(call.name.prefix(64))”, which is not among the tools; add it, or mend the name")
            }
        }
    }
}
