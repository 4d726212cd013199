import Foundation
import Grammar
import JSON

/// 1 when an answer is JSON that fits a JSON Schema, else 0. White space within it and the order of members do not
/// count.
struct SchemaReward: Reward {
    private let grammar: Grammar
    private let schema: JSONValue
    let best = 1.0

    init(schema: JSONValue) throws(GrammarError) {
        grammar = try Grammar(jsonSchema: schema)
        self.schema = schema
    }

    func value(of answer: JudgedAnswer) -> Double? {
        let text = answer.text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let value = try? JSONValue(parsing: text) else { return 0 }
        return grammar.matches(Self.ordered(value, schema).serialized()) ? 1 : 0
    }

    /// Members in the order of the schema's properties, which is the one that the grammar knows.
    private static func ordered(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            let properties = schema["properties"]?.object ?? JSONObject()
            let known = properties.compactMap { name, schema in
                object[name].map { (key: name, value: ordered($0, schema)) }
            }
            let others = object.filter { properties[$0.key] == nil }.map { (key: $0.key, value: $0.value) }
            return .object(JSONObject(known + others))
        case .array(let items):
            guard let item = schema["items"] else { return value }
            return .array(items.map { ordered($0, item) })
        case .null, .bool, .int, .double, .string: return value
        }
    }
}
