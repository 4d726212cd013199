import Assistant
import JSON

extension RequestFields {
    /// The form that the answer is to have: OpenAI's `response_format`, the same with GBNF grammars and regular
    /// expressions, and llama.cpp's `grammar` and `json_schema` beside it. nil is free text.
    func format() throws -> AnswerFormat? {
        var formats: [AnswerFormat] = []
        if let fields = try fields("response_format"), let format = try fields.responseFormat() {
            formats.append(format)
        }
        if let grammar = try string("grammar"), !grammar.isEmpty {
            formats.append(AnswerFormat(.grammar(grammar), field: name("grammar")))
        }
        if let schema = value("json_schema") {
            formats.append(
                AnswerFormat(.jsonSchema(try Self.schema(schema, name("json_schema"))), field: name("json_schema")))
        }
        guard formats.count < 2 else {
            throw APIError.invalid(
                formats[1].field, "the answer has a form already from '\(formats[0].field)'; send one of the two.")
        }
        return formats.first
    }

    /// A format as an object with a type. Chat completions put a schema into `json_schema`, responses beside the type.
    func responseFormat() throws -> AnswerFormat? {
        switch try requiredString("type") {
        case "text": return nil
        case "json_object":
            // llama.cpp takes a schema here too.
            guard let schema = value("schema") else { return AnswerFormat(.jsonObject, field: path) }
            return AnswerFormat(.jsonSchema(try Self.schema(schema, name("schema"))), field: name("schema"))
        case "json_schema":
            let holder = try fields("json_schema") ?? self
            guard let schema = holder.value("schema") else { throw APIError.missing(holder.name("schema")) }
            _ = try holder.bool("strict")
            let field = holder.name("schema")
            return AnswerFormat(.jsonSchema(try Self.schema(schema, field)), field: field)
        case "grammar": return AnswerFormat(.grammar(try requiredString("grammar")), field: name("grammar"))
        case "regex": return AnswerFormat(.regex(try requiredString("pattern")), field: name("pattern"))
        case let other:
            throw APIError.unsupported(
                name("type"),
                "'\(other.prefix(40))' is none of text, json_object, json_schema, grammar, regex.")
        }
    }

    private static func schema(_ value: JSONValue, _ name: String) throws -> JSONValue {
        guard value.object != nil || value.bool != nil else {
            throw APIError.wrongType(name, expected: "an object", got: value)
        }
        return value
    }
}
