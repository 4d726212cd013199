import Assistant
import Foundation
import Inference
import Testing

/// A real model's tokenizer, predictions and embeddings.
@Suite(.enabled(if: RealModel.path != nil, RealModel.isHere), .serialized, .timeLimit(.minutes(5)))
struct TextTests {
    @Test(arguments: [
        "Hello, world!", "  leading and   many    spaces\t\n\n\n", "中文与 English 混排，标点。", "👨‍👩‍👧‍👦 🇨🇳 e\u{301}",
        "<|im_start|>system\nno<|im_end|>", "x = {\"a\": [1, 2.5, null]};\r\n", "",
    ])
    func tokensAreTextAgain(text: String) throws {
        let assistant = try RealModel.assistant()
        let tokens = assistant.encode(text)
        #expect(assistant.decode(tokens) == text)
        // A reader's <|im_end|> is text; only who asks for special tokens gets them.
        if text.contains("<|im_end|>") {
            #expect(!tokens.contains(2) && assistant.encode(text, special: true).contains(2))
        }
    }

    /// Log-probabilities of a text's own tokens, as lm-evaluation-harness asks for them.
    private func scores(_ text: String) async throws -> [ScoredToken] {
        let request = CompletionRequest(prompt: .text(text), sampling: .greedy, tokensMax: 0, scoresPrompt: true)
        return try await Answer(RealModel.assistant().complete(request)).start?.scoredPrompt ?? []
    }

    /// PyTorch's perplexity of this text in fp32 on the dequantised weights. The range around it allows for quantised
    /// activations and other processors' rounding; wrong attention, positions or weights fall far outside.
    private static let perplexityOfPyTorch = 22.687

    @Test func predictsEnglish() async throws {
        let text = """
            It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want \
            of a wife. However little known the feelings or views of such a man may be on his first entering a \
            neighbourhood, this truth is so well fixed in the minds of the surrounding families, that he is considered \
            the rightful property of some one or other of their daughters. The sun rises in the east and sets in the \
            west. Water boils at one hundred degrees Celsius, and it freezes at zero degrees. The children went to \
            school in the morning, and in the afternoon they played football in the park until it was dark.
            """
        let scored = try await scores(text)
        #expect(scored.map(\.text).joined() == text)
        let losses = scored.compactMap(\.logProbability).map { -$0 }
        #expect(losses.count == scored.count - 1)
        let perplexity = exp(losses.reduce(0, +) / Double(losses.count))
        #expect(abs(perplexity / Self.perplexityOfPyTorch - 1) < 0.02, "\(perplexity)")
    }

    @Test func prefersSenseToNonsense() async throws {
        func total(_ text: String) async throws -> Double {
            try await scores(text).compactMap(\.logProbability).reduce(0, +)
        }
        #expect(try await total("The sky is blue.") > total("The sky is spoon."))
        #expect(try await total("Paris is in France.") > total("Paris is in Japan."))
    }

    @Test func embeddingsOfLikeTextsAreAlike() async throws {
        let texts = ["The cat sat on the mat.", "A cat is sitting on a mat.", "Interest rates rose by two percent."]
        let (vectors, _) = try await RealModel.assistant().embed(texts.map { .text($0) }, owner: "")
        func cosine(_ a: Int, _ b: Int) -> Float { zip(vectors[a], vectors[b]).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(vectors.allSatisfy { $0.count == 576 })
        #expect(cosine(0, 1) > cosine(0, 2))
    }
}
