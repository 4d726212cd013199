import Dialogue
import Grammar
import JSON
import Templates

/// What the whole text of an answer must look like: the form that was asked for, calls of tools with their arguments,
/// and before either the model's reasoning, which is free.
package struct AnswerForm {
    /// nil: nothing is asked of the text.
    package private(set) var layout: GrammarLayout?
    /// The field of the request that errors name.
    private var field = "response_format"

    init(_ format: AnswerFormat?) {
        guard let format else { return }
        field = format.field
        layout = Self.layout(format.kind)
    }

    package init(
        _ template: ChatTemplate, _ request: ChatRequest, _ prompt: PromptBuilder.Prompt
    ) throws(AssistantError) {
        self.init(request.format)
        if !request.tools.isEmpty, request.toolChoice != .none, let form = template.callForm {
            try addCalls(form, request, prompt)
        }
        guard let body = layout, !prompt.opensCall else { return }
        let reasoning = GrammarLayout.sequence([.upTo("</think>"), .space])
        if prompt.endsInReasoning {
            layout = .sequence([reasoning, body])
        } else if template.knowsReasoning {
            layout = .sequence([.optional(.sequence([.text("<think>"), reasoning])), body])
        }
    }

    private static func layout(_ kind: AnswerFormat.Kind) -> GrammarLayout {
        switch kind {
        case .jsonObject: .jsonSchema(["type": "object"])
        case .jsonSchema(let schema): .jsonSchema(schema)
        case .grammar(let text): .gbnf(text)
        case .regex(let text): .regex(text)
        }
    }

    private mutating func addCalls(
        _ form: CallForm, _ request: ChatRequest, _ prompt: PromptBuilder.Prompt
    ) throws(AssistantError) {
        switch request.toolChoice {
        case .none: break
        case .named(let name):
            let calls = try CallLayouts(form, request.tools, calling: name)
            // A forced call is the answer, whatever form text would have.
            layout = prompt.opensCall ? calls.restAfterName : calls.whole
        case .required:
            let calls = try CallLayouts(form, request.tools, calling: nil)
            let isNamed = request.tools.count == 1
            let first = prompt.opensCall ? isNamed ? calls.restAfterName : calls.restFromName : calls.whole
            layout = .sequence([first, calls.further])
        case .automatic:
            guard layout != nil || request.tools.contains(where: \.isStrict) else { return }
            let calls = try CallLayouts(form, request.tools, calling: nil)
            layout = layout.map { .choice([$0, .sequence([calls.whole, calls.further])]) } ?? calls.amongText
        }
    }

    /// - Throws: `AssistantError.invalidRequest` with the field, what is wrong in it and what to do.
    func constraint(from grammars: GrammarShelf) throws(AssistantError) -> GrammarConstraint? {
        guard let layout else { return nil }
        do {
            return try grammars.constraint(layout)
        } catch {
            throw .invalidRequest(field: field, reason: "\(error).")
        }
    }
}
