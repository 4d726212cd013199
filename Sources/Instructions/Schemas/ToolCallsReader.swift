import Dialogue
import JSON

/// Calls of tools: `[{"id", "type", "function": {"name", "arguments"}}]`, `{"name", "arguments"}` bare, several or one,
/// as values or as JSON text.
enum ToolCallsReader {
    static func read(_ value: JSONValue, _ path: String) throws(FieldFault) -> [ToolCall] {
        let value = try parsed(value, path)
        if value.isNull { return [] }
        var calls: [ToolCall] = []
        for (place, item) in (value.array ?? [value]).enumerated() {
            let outer = try Record(item, path: value.array == nil ? path : "\(path)[\(place)]")
            let function = try outer["function"].map { value throws(FieldFault) in
                try Record(value, path: outer.name("function"))
            }
            let record = function ?? outer
            let name = try record.requiredString("name")
            guard !name.isEmpty else {
                throw FieldFault(record.name("name"), zh: "是空的；请写出工具名", en: "is empty; give the tool's name")
            }
            calls.append(
                ToolCall(id: try outer.string("id") ?? "", name: name, arguments: try arguments(record)))
        }
        return calls
    }

    /// JSON text becomes the value it spells; empty text is none.
    static func parsed(_ value: JSONValue, _ path: String) throws(FieldFault) -> JSONValue {
        guard let text = value.string else { return value }
        if text.allSatisfy(\.isWhitespace) { return .null }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw FieldFault(
                path, zh: "字符串里应是 JSON：\(error)", en: "the string should hold JSON: \(error)")
        }
    }

    /// As text that is an object: a model that learns broken arguments will write them.
    private static func arguments(_ record: Record) throws(FieldFault) -> String {
        guard let (key, value) = record.first(of: ["arguments", "parameters"]) else { return "{}" }
        if value.object != nil { return value.serialized(.python) }
        guard let text = value.string else { throw .wrongType(record.name(key), expected: .object, found: value) }
        guard (try? JSONValue(parsing: text))?.object != nil else {
            throw FieldFault(
                record.name(key), zh: "应是一个 JSON 对象的文本，如 \"{\\\"city\\\": \\\"北京\\\"}\"",
                en: "should be the text of a JSON object, such as \"{\\\"city\\\": \\\"Paris\\\"}\"")
        }
        return text
    }
}
