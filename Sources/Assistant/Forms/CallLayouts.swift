import Dialogue
import Grammar
import JSON
import Templates

/// Calls of tools as layouts: the form of the template's family around each tool's name and arguments.
struct CallLayouts {
    private let form: CallForm
    private let tools: [Tool]
    private static let anyObject: JSONValue = ["type": "object"]

    init(_ form: CallForm, _ tools: [Tool]) {
        self.form = form
        self.tools = tools
    }

    /// - Throws: `AssistantError.invalidRequest` for a strict tool whose schema cannot be held to.
    func check() throws(AssistantError) {
        for (place, tool) in tools.enumerated() where tool.isStrict {
            do {
                _ = try Grammar(jsonSchema: tool.parameters ?? Self.anyObject)
            } catch {
                throw .invalidRequest(field: "tools[\(place)].function.parameters", reason: "\(error).")
            }
        }
    }

    /// The arguments of a tool. Where it is not strict, a schema that cannot be held to leaves any object.
    private func arguments(_ tool: Tool) -> GrammarLayout {
        guard let schema = tool.parameters else { return .jsonSchema(Self.anyObject) }
        if !tool.isStrict, (try? Grammar(jsonSchema: schema)) == nil { return .jsonSchema(Self.anyObject) }
        return .jsonSchema(schema)
    }

    private var line: GrammarLayout { .optional(.text("\n")) }

    /// From after the name's closing quote and the arguments' key.
    private func rest(_ tool: Tool) -> GrammarLayout {
        var parts: [GrammarLayout] = [.optional(.text(" ")), arguments(tool), .text("}")]
        if !form.endMarker.isEmpty { parts += [line, .text(form.endMarker)] }
        return .sequence(parts)
    }

    /// From the name on.
    private func fromName(_ tool: Tool) -> GrammarLayout {
        let name = JSONValue.string(tool.name).serialized().dropFirst()
        return .sequence([.text("\(name), \"\(form.argumentsKey)\":"), rest(tool)])
    }

    func rest(afterName name: String) -> GrammarLayout {
        tools.first { $0.name == name }.map(rest) ?? .jsonSchema(Self.anyObject)
    }

    var restFromName: GrammarLayout { .choice(tools.map(fromName)) }

    /// A call from its marker on, of one tool or of any.
    func whole(only name: String?) -> GrammarLayout {
        var parts = form.marker.isEmpty ? [] : [GrammarLayout.text(form.marker)]
        parts.append(afterMarker(only: name))
        return .sequence(parts)
    }

    private func afterMarker(only name: String?) -> GrammarLayout {
        let called = tools.filter { name == nil || $0.name == name }
        return .sequence([line, .text("{\"name\": \""), .choice(called.map(fromName))])
    }

    /// More calls after one.
    var further: GrammarLayout {
        .repeated(.sequence([form.marker.isEmpty ? .text("; ") : line, whole(only: nil)]))
    }

    /// Text in which there may be calls, each of them whole.
    var amongText: GrammarLayout {
        guard !form.marker.isEmpty else {
            // Without a marker, an answer that begins with a brace is a call.
            return .choice([.sequence([whole(only: nil), further]), .notBeginning(with: UInt8(ascii: "{"))])
        }
        let call = GrammarLayout.sequence([.upTo(form.marker), afterMarker(only: nil)])
        return .sequence([.repeated(call), .without(form.marker)])
    }
}
