import Dialogue
import JSON

/// Tools of a record or a system message: `[{"type": "function", "function": {"name", …}}]`, the functions bare, or
/// either as JSON text.
enum ToolsReader {
    static func read(_ record: Record) throws(FieldFault) -> [Tool] {
        guard let (key, value) = record.first(of: ["tools", "functions"]) else { return [] }
        return try read(value, record.name(key))
    }

    static func read(_ value: JSONValue, _ path: String) throws(FieldFault) -> [Tool] {
        let value = try ToolCallsReader.parsed(value, path)
        if value.isNull { return [] }
        var tools: [Tool] = []
        for (place, item) in (value.array ?? [value]).enumerated() {
            let outer = try Record(item, path: value.array == nil ? path : "\(path)[\(place)]")
            let function = try outer["function"].map { value throws(FieldFault) in
                try Record(value, path: outer.name("function"))
            }
            let record = function ?? outer
            let name = try record.requiredString("name")
            guard !tools.contains(where: { $0.name == name }) else {
                throw FieldFault(
                    record.name("name"), zh: "工具“\(name.prefix(64))”出现了两次；请去掉一个",
                    en: "the tool “\(name.prefix(64))” is there twice; take one out")
            }
            tools.append(
                Tool(
                    name: name, description: try record.string("description"), parameters: record["parameters"],
                    isStrict: record["strict"]?.bool ?? false))
        }
        return tools
    }
}
