import Templates
import Tokens

/// Chat templates for files that bring none, chosen by the control tokens that the vocabulary has.
///
/// A family's control tokens were trained in one shape only, so the shape follows from them; `plain` is for base
/// models, which continue a dialogue written as text.
public enum FallbackTemplate: String, CaseIterable, Sendable {
    case chatML = "chatml"
    case llama3 = "llama3"
    case gemma
    case plain

    package init(for tokenizer: Tokenizer) {
        self =
            Self.allCases.first { $0.marks.allSatisfy { tokenizer.id(of: $0).map(tokenizer.isSpecial) == true } }
            ?? .plain
    }

    /// Control tokens without which the template means nothing to the model.
    private var marks: [String] {
        switch self {
        case .chatML: ["<|im_start|>", "<|im_end|>"]
        case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
        case .gemma: ["<start_of_turn>", "<end_of_turn>"]
        case .plain: []
        }
    }

    /// Strings that end an answer beside the model's own end tokens.
    var stops: [String] { self == .plain ? ["\nUser:"] : [] }

    package func template(bosToken: String, eosToken: String) throws(TemplateError) -> ChatTemplate {
        try ChatTemplate(source: source, bosToken: bosToken, eosToken: eosToken)
    }

    /// Jinja. None has a place for tools.
    package var source: String {
        switch self {
        case .chatML:
            """
            {% for message in messages %}\
            {{ '<|im_start|>' + message['role'] + '\\n' }}{{ message['content'] }}{{ '<|im_end|>\\n' }}\
            {% endfor %}\
            {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
            """
        case .llama3:
            """
            {{ bos_token }}{% for message in messages %}\
            {{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}\
            {{ message['content'] }}{{ '<|eot_id|>' }}\
            {% endfor %}\
            {% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}
            """
        case .gemma:
            """
            {{ bos_token }}{% for message in messages %}\
            {{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else 'user') + '\\n' }}\
            {{ message['content'] }}{{ '<end_of_turn>\\n' }}\
            {% endfor %}\
            {% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}
            """
        case .plain:
            """
            {{ bos_token }}{% for message in messages %}\
            {% if message['role'] == 'system' %}{{ message['content'] }}{{ '\\n\\n' }}\
            {% elif message['role'] == 'assistant' %}{{ 'Assistant: ' }}{{ message['content'] }}{{ '\\n' }}\
            {% else %}{{ 'User: ' }}{{ message['content'] }}{{ '\\n' }}{% endif %}{% endfor %}\
            {% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}
            """
        }
    }
}
