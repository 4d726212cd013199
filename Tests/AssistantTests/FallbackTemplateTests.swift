import Assistant
import Dialogue
import Testing

@Suite struct FallbackTemplateTests {
    /// Each fallback as `apply_chat_template` would give it for a template of its family.
    @Test(arguments: [
        (
            FallbackTemplate.chatML,
            "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n"
        ),
        (
            .llama3,
            "<s><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
                + "Q<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
        ),
        (
            .gemma,
            "<s><start_of_turn>user\nS<end_of_turn>\n<start_of_turn>user\nQ<end_of_turn>\n<start_of_turn>model\n"
        ),
        (.plain, "<s>S\n\nUser: Q\nAssistant:"),
    ])
    func rendersItsFamilysShape(fallback: FallbackTemplate, expected: String) throws {
        let template = try fallback.template(bosToken: "<s>", eosToken: "</s>")
        let messages = [Message(role: .system, content: "S"), Message(role: .user, content: "Q")]
        #expect(try template.render(messages: messages, addGenerationPrompt: true).text == expected)
    }

    @Test func isChosenByTheVocabulary() throws {
        #expect(FallbackTemplate(for: try TinyModel.tokenizer()) == .chatML)
    }
}
