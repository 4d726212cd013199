import JSON

extension ChatTemplate {
    /// How an answer begins that must call a tool, to be put after the prompt and before the model's own text:
    /// `<tool_call>` and the start of its object, up to the arguments when the tool is named, else up to the name.
    ///
    /// It ends without a space: models write one together with the brace that follows.
    /// Nil when the template shows no form of calls that is known. The name is a client's text and not trusted.
    public func callOpening(name: String?) -> RenderedPrompt? {
        let (marker, arguments): (String, String)
        switch traits.callFormat {
        case .none: return nil
        case .hermes: (marker, arguments) = ("<tool_call>\n", ", \"arguments\":")
        case .llama: (marker, arguments) = ("", ", \"parameters\":")
        }
        var opening = RenderedPrompt()
        guard let name else {
            opening.append(marker + "{\"name\": \"", isTrusted: true)
            return opening
        }
        opening.append(marker + "{\"name\": ", isTrusted: true)
        opening.append(JSONValue.string(name).serialized(), isTrusted: false)
        opening.append(arguments, isTrusted: true)
        return opening
    }
}
