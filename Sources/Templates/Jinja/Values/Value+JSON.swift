import JSON

extension Value {
    /// A client's value as Python would read it. All of it is untrusted, its numbers apart, which are no text.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .float(value)
        case .string(let value): self = .string(Text(value, isTrusted: false))
        case .array(let items): self = .list(ListValue(items.map(Value.init), isTrusted: false))
        case .object(let object):
            self = .dict(DictValue(DictMembers(object.lazy.map { ($0.key, Value($0.value)) }), isTrusted: false))
        }
    }

    /// The messages of a conversation. A role that we know is our own word and trusted: templates build control tokens
    /// of it (`'<|' + message.role + '|>'`). Any other role stays a client's text.
    static func messages(_ messages: [JSONValue]) -> Value {
        let items = messages.map { message -> Value in
            guard let object = message.object else { return Value(message) }
            let members = object.lazy.map { member -> (String, Value) in
                if member.key == "role", let role = member.value.string, knownRoles.contains(role) {
                    return (member.key, .trusted(role))
                }
                return (member.key, Value(member.value))
            }
            return .dict(DictValue(DictMembers(members), isTrusted: false))
        }
        return .list(ListValue(items, isTrusted: false))
    }

    private static let knownRoles: Set<String> = ["system", "developer", "user", "assistant", "tool"]
}

extension DictMembers {
    /// Members whose names differ, as those of a JSON object do.
    init(_ members: some Sequence<(String, Value)>) {
        self.init()
        for (name, value) in members { append(Text(name, isTrusted: false), value) }
    }
}
