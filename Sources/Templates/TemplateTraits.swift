/// What a template's source shows of the form its messages should have. Templates differ in what they take for an
/// absent content, and say so by what they test.
struct TemplateTraits: Sendable {
    /// How the model writes a call of a tool.
    enum CallFormat: Sendable { case none, hermes, llama }

    let callFormat: CallFormat
    /// The content of a message that only calls tools is none rather than empty: the template asks whether it is none.
    let testsContentForNone: Bool
    /// The role `developer` has a meaning of its own.
    let knowsDeveloper: Bool
    /// The template knows reasoning, and takes it out of earlier answers or opens it.
    let knowsReasoning: Bool
    /// Calls have ids of nine letters and digits (Mistral), and the template refuses others.
    let wantsShortCallIDs: Bool

    init(source: String) {
        if source.contains("<tool_call>") {
            callFormat = .hermes
        } else if source.contains("<|python_tag|>") || source.contains("\"parameters\": ") && source.contains("ipython")
        {
            callFormat = .llama
        } else {
            callFormat = .none
        }
        testsContentForNone = ["content'] is not none", "content\"] is not none", ".content is not none"]
            .contains { source.contains($0) }
        knowsReasoning = source.contains("</think>")
        knowsDeveloper = source.contains("developer")
        wantsShortCallIDs = source.contains("length != 9")
    }
}
