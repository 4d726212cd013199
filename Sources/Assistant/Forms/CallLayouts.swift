import Dialogue
import Grammar
import JSON
import Templates

/// Calls of tools as layouts: the form of the template's family around each tool's name and arguments.
struct CallLayouts {
    private let form: CallForm
    /// The tools that may be called.
    private let tools: [CalledTool]
    private static let anyObject = GrammarLayout.jsonSchema(["type": "object"])

    private struct CalledTool {
        let name: String
        let arguments: GrammarLayout
    }

    /// - Parameter name: the only tool that may be called; nil for any.
    /// - Throws: `AssistantError.invalidRequest` for a strict tool, called or not, whose schema cannot be held to.
    init(_ form: CallForm, _ tools: [Tool], calling name: String?) throws(AssistantError) {
        self.form = form
        var called: [CalledTool] = []
        for (place, tool) in tools.enumerated() {
            let isCalled = name == nil || tool.name == name
            guard isCalled || tool.isStrict else { continue }
            let arguments = try Self.arguments(tool, place)
            if isCalled { called.append(CalledTool(name: tool.name, arguments: arguments)) }
        }
        self.tools = called
    }

    /// The arguments of a tool. Where it is not strict, a schema that cannot be held to leaves any object.
    private static func arguments(_ tool: Tool, _ place: Int) throws(AssistantError) -> GrammarLayout {
        guard let schema = tool.parameters else { return anyObject }
        do {
            _ = try Grammar(jsonSchema: schema)
            return .jsonSchema(schema)
        } catch {
            guard tool.isStrict else { return anyObject }
            throw .invalidRequest(field: "tools[\(place)].function.parameters", reason: "\(error).")
        }
    }

    private var line: GrammarLayout { .optional(.text("\n")) }

    /// From after the name's closing quote and the arguments' key.
    private func rest(_ tool: CalledTool) -> GrammarLayout {
        var parts: [GrammarLayout] = [.optional(.text(" ")), tool.arguments, .text("}")]
        if !form.endMarker.isEmpty { parts += [line, .text(form.endMarker)] }
        return .sequence(parts)
    }

    /// From the name on.
    private func fromName(_ tool: CalledTool) -> GrammarLayout {
        let name = JSONValue.string(tool.name).serialized().dropFirst()
        return .sequence([.text("\(name), \"\(form.argumentsKey)\":"), rest(tool)])
    }

    /// From after the name of the first tool on.
    var restAfterName: GrammarLayout { tools.first.map(rest) ?? Self.anyObject }

    var restFromName: GrammarLayout { .choice(tools.map(fromName)) }

    /// A call from its marker on.
    var whole: GrammarLayout {
        .sequence((form.marker.isEmpty ? [] : [.text(form.marker)]) + [afterMarker])
    }

    private var afterMarker: GrammarLayout { .sequence([line, .text("{\"name\": \""), restFromName]) }

    /// More calls after one.
    var further: GrammarLayout {
        .repeated(.sequence([form.marker.isEmpty ? .text("; ") : line, whole]))
    }

    /// Text in which there may be calls, each of them whole.
    var amongText: GrammarLayout {
        guard !form.marker.isEmpty else {
            // Without a marker, an answer that begins with a brace is a call.
            return .choice([.sequence([whole, further]), .notBeginning(with: UInt8(ascii: "{"))])
        }
        let call = GrammarLayout.sequence([.upTo(form.marker), afterMarker])
        return .sequence([.repeated(call), .without(form.marker)])
    }
}
