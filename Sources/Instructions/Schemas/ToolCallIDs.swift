import Dialogue

/// Ids of calls where a file has none: made of their number, and given to the results in order.
enum ToolCallIDs {
    static func complete(_ example: inout InstructionExample) {
        var count = 0
        var open: [String] = []
        complete(&example.messages, &count, &open)
        guard case .preference(var chosen, var rejected) = example.lesson else { return }
        for index in 0..<2 {
            var (count, open) = (count, open)
            if index == 0 { complete(&chosen, &count, &open) } else { complete(&rejected, &count, &open) }
        }
        example.lesson = .preference(chosen: chosen, rejected: rejected)
    }

    private static func complete(_ messages: inout [Message], _ count: inout Int, _ open: inout [String]) {
        for place in messages.indices {
            for call in messages[place].toolCalls.indices {
                count += 1
                if messages[place].toolCalls[call].id.isEmpty { messages[place].toolCalls[call].id = "call_\(count)" }
                open.append(messages[place].toolCalls[call].id)
            }
            guard messages[place].role == .tool else { continue }
            if let id = messages[place].toolCallID, !id.isEmpty {
                open.removeAll { $0 == id }
            } else if !open.isEmpty {
                messages[place].toolCallID = open.removeFirst()
            }
        }
    }
}
