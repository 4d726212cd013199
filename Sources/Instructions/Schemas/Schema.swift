import JSON

/// The forms that instruction data is published in. What a record is follows from its members.
package enum Schema: String, Sendable, CaseIterable {
    /// `{"instruction", "input", "output", "system", "history"}`
    case alpaca
    /// `{"conversations": [{"from", "value"}], "system", "tools"}`
    case shareGPT = "sharegpt"
    /// `{"messages": [{"role", "content", "tool_calls"}], "tools"}`
    case openAI = "openai"
    /// `{"conversations": [{"role", "content", "reasoning_content", "tool_calls": "[…]"}]}`, tools in a system message
    case minimind
    /// `[{"role", "content"}]`, the bare array
    case nanochat
    /// `{"prompt", "completion"}`, also `{"question", "answer"}`
    case promptCompletion = "prompt-completion"
    /// `{"prompt", "chosen", "rejected"}`, in TRL's, LLaMA-Factory's, minimind's and OpenAI's forms
    case preference
    /// `{"prompt", "completion", "label": true}` or `{"conversations", "kto_tag": true}`
    case judgement = "unpaired"
    /// `{"prompt", "reward": {…}}`
    case task

    /// What a record is.
    static func recognise(_ value: JSONValue) throws(FieldFault) -> Schema {
        if case .array = value { return .nanochat }
        let record = try Record(value)
        if record.first(of: ["chosen", "rejected", "preferred_output", "non_preferred_output"]) != nil {
            return .preference
        }
        if record["reward"] != nil { return .task }
        if record["kto_tag"] != nil || record["label"]?.bool != nil { return .judgement }
        if let schema = conversation(record) { return schema }
        throw unknown(record)
    }

    /// What a record is by what is said in it, whatever is to be learnt of it.
    static func conversation(_ record: Record) -> Schema? {
        if let messages = record["messages"] { return isShareGPT(messages) ? .shareGPT : .openAI }
        if let turns = record["conversations"] ?? record["conversation"] {
            return isShareGPT(turns) ? .shareGPT : .minimind
        }
        if record["instruction"] != nil { return .alpaca }
        if PromptCompletionReader.applies(to: record) { return .promptCompletion }
        return nil
    }

    private static func isShareGPT(_ turns: JSONValue) -> Bool {
        turns[0]?["from"] != nil || turns[0]?["value"] != nil
    }

    private static func unknown(_ record: Record) -> FieldFault {
        if record["text"] != nil {
            return FieldFault(
                "text", zh: "只有 text 的行是预训练文本，不是对话；请改用 danlu train pretrain，或改成 {\"messages\": […]}",
                en:
                    "text alone is for pretraining; use danlu train pretrain, or write {\"messages\": […]}"
            )
        }
        if record["role"] != nil {
            return FieldFault(
                "", zh: "是一条单独的消息；请把整个对话放进一行的数组里，文件名用 .jsonl",
                en: "is a single message; put each whole conversation on a line, as an array, in a .jsonl file")
        }
        let members = record.object.prefix(12).map(\.key).joined(separator: ", ")
        return FieldFault(
            "",
            zh: "不是已知的格式，只有成员：\(members)；请写成 {\"messages\": [{\"role\": \"user\", \"content\": …}, …]} 等格式",
            en: "is none of the known schemas; its members are: \(members); write "
                + "{\"messages\": [{\"role\": \"user\", \"content\": …}, …]}, for example")
    }
}
