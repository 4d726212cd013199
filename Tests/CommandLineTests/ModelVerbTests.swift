import Foundation
import JSON
import Testing

/// Verbs on a real small model, in the home that script/test fills.
@Suite(
    .enabled(
        if: Program.testHome != nil, "DANLU_TEST_HOME names no home with smollm2-135m-instruct; script/test makes one"),
    .serialized, .timeLimit(.minutes(5)))
struct ModelVerbTests {
    private static let model = ["--model", "smollm2-135m-instruct"]

    private func run(_ arguments: [String], input: String = "") throws -> Program.Result {
        try Program(home: Program.testHome ?? "").run(arguments, input: input)
    }

    private func json(_ arguments: [String], input: String = "") throws -> JSONValue {
        let result = try run(arguments + ["--json"], input: input)
        #expect(result.status == 0, "\(result.notes)")
        return try JSONValue(parsing: result.output)
    }

    @Test func tokenizerTurnsTextToIdsAndBack() throws {
        let text = "Hello, 世界! <|im_end|> 👨‍👩‍👧‍👦\n\n  x"
        let ids = try run(["tokenizer", "encode", "--json"] + Self.model, input: text)
        #expect(ids.status == 0 && ids.output.hasPrefix("[") && ids.output.hasSuffix("]\n"))
        let decoded = try json(["tokenizer", "decode"] + Self.model, input: ids.output)
        #expect(decoded.string == text)
        // <|im_end|> is one token only when asked for.
        let special = try json(["tokenizer", "encode", "--special"] + Self.model, input: "<|im_end|>")
        #expect(special == [2])
        #expect(try json(["tokenizer", "encode"] + Self.model, input: "<|im_end|>").array?.contains(2) == false)
        let lines = try run(["tokenizer", "encode", "--lines", "--json"] + Self.model, input: "a\nb\n")
        #expect(lines.output.split(separator: "\n").count == 2)
        #expect(try run(["tokenizer", "decode"] + Self.model, input: "99999999").status == 2)
    }

    @Test func benchPrintsTheAgreedShape() throws {
        let shapes = ["-p", "16", "-n", "4", "-d", "0,40", "--sequences", "1,3", "--batch-prompt", "8"]
        let result = try json(["bench", "--threads", "2", "--repetitions", "2"] + shapes + Self.model)
        #expect(result["roof"]?["read_bytes_per_second"]?.double ?? 0 > 1e8)
        let names = ["pp16", "tg4", "pp16 @ d40", "tg4 @ d40", "tg4 x3"]
        #expect(result["results"]?.array?.count == names.count)
        for (place, name) in names.enumerated() {
            let row = try #require(result["results"]?[place])
            let rates = try #require(row["tokens_per_second"])
            #expect(row["test"]?.string == name)
            #expect(row["roof_tokens_per_second"]?.double ?? 0 > 0)
            let values = try ["min", "median", "max"].map { try #require(rates[$0]?.double) }
            #expect(values[0] > 0 && values[0] <= values[1] && values[1] <= values[2])
        }
    }

    @Test func chatAnswersInAPipe() throws {
        let arguments = ["chat", "--temperature", "0", "--max-tokens", "24"] + Self.model
        let plain = try run(arguments, input: "What is the capital of Japan?\n")
        #expect(plain.status == 0)
        #expect(plain.output.contains("Tokyo"))
        let answer = try json(arguments, input: "What is the capital of Japan?\n")
        #expect(answer["message"]?["content"]?.string.map { $0 + "\n" } == plain.output)
        #expect(answer["message"]?["role"]?.string == "assistant")
        #expect(answer["model"]?.string == "smollm2-135m-instruct")
        #expect(answer["usage"]?["completion_tokens"]?.int ?? 0 > 0)
        #expect(try run(arguments, input: "\n").status == 2)
    }

    @Test func seededChatsRepeat() throws {
        let arguments = ["chat", "--seed", "11", "--max-tokens", "12", "Tell me a story."] + Self.model
        #expect(try run(arguments).output == run(arguments).output)
    }

    @Test func perplexityAndLogits() throws {
        let folder = NSTemporaryDirectory() + "danlu-perplexity-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (text, logits) = ("\(folder)/text", "\(folder)/logits")
        try Data("The quick brown fox jumps over the lazy dog. The dog sleeps on.".utf8).write(to: URL(filePath: text))
        let arguments = ["perplexity", "--file", text, "--positions", "8", "--logits-out", logits] + Self.model
        let score = try json(arguments)
        #expect(score["tokens"]?.int == 8 && score["scored"]?.int == 7)
        let perplexity = try #require(score["perplexity"]?.double)
        let nll = try #require(score["nll"]?.double)
        #expect(abs(exp(nll) - perplexity) < 1e-6 * perplexity)
        #expect(score["bits_per_byte"]?.double ?? 0 > 0)
        let size = try FileManager.default.attributesOfItem(atPath: logits)[.size] as? Int
        #expect(size == 16 + 8 * 49_152 * 4)
    }

    @Test func showDescribesWithoutLoading() throws {
        let sheet = try json(["show", "smollm2-135m-instruct"])
        #expect(sheet["architecture"]?.string == "llama")
        #expect(sheet["parameters"]?.int == 134_515_008)
        #expect(sheet["context_length"]?.int == 8192)
        #expect(sheet["licence"]?.string == "Apache-2.0")
        #expect(sheet["cannot_run"]?.isNull == true)
        #expect(sheet["memory_bytes"]?.int ?? 0 > 98_362_432)
        #expect(try run(["show", "smollm2-135m-instruct", "--template"]).output.contains("im_start"))
    }

    @Test func pullIfMissingIsSilentWhenItIsHere() throws {
        let result = try run(["pull", "--if-missing", "smollm2-135m-instruct"])
        #expect(result.status == 0 && result.output.isEmpty && result.notes.isEmpty)
    }
}
