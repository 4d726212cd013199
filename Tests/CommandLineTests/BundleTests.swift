import Foundation
import JSON
import Testing

/// From pretraining to an adapter that is served, and what happens when a part was exchanged on the way.
@Suite(.timeLimit(.minutes(3)))
struct BundleTests {
    private let program = Program()

    private func run(_ arguments: String...) throws -> String {
        let result = try program.run(arguments)
        #expect(result.status == 0, "\(arguments): \(result.notes)")
        return result.output
    }

    /// What is said by a command that must fail.
    private func refusal(_ arguments: String...) throws -> String {
        let result = try program.run(arguments)
        #expect(result.status != 0, "\(arguments) is not refused: \(result.output)")
        return result.notes
    }

    private func replace(_ text: String, with other: String, in path: String) throws {
        let old = try String(contentsOfFile: path, encoding: .utf8)
        #expect(old.contains(text), "\(path)")
        try Data(old.replacing(text, with: other).utf8).write(to: URL(filePath: path))
    }

    /// A base as an exported folder, and an adapter of it.
    private func make() throws -> (base: String, adapter: String) {
        let home = program.home
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let (text, examples) = ("\(home)/text.jsonl", "\(home)/examples.jsonl")
        let lines = (0..<60).map { JSONValue.object(["text": .string("第\($0)首 春眠不覺曉。After \($0).")]).serialized() }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: text))
        let asked = (0..<12).map { number in
            JSONValue.object(["prompt": .string("\(number)?"), "completion": .string("\(number + 1)!")]).serialized()
        }
        try Data(asked.joined(separator: "\n").utf8).write(to: URL(filePath: examples))
        _ = try run("tokenizer", "train", "--input", text, "--vocab-size", "300", "--output", "\(home)/tokenizer")
        _ = try run(
            "train", "pretrain", "--data", text, "--tokenizer", "\(home)/tokenizer", "--layers", "1", "--dim", "64",
            "--seq", "128", "--batch-tokens", "256", "--steps", "2", "--sample-every", "0", "--run", "\(home)/small")
        _ = try run("export", "--run", "\(home)/small", "--format", "safetensors", "--output", "\(home)/base")
        _ = try run(
            "train", "lora", "--model", "\(home)/base", "--data", examples, "--run", "\(home)/tuned", "--rank", "2",
            "--steps", "2", "--seq", "128", "--batch-tokens", "128")
        _ = try run("export", "--run", "\(home)/tuned", "--format", "peft", "--output", "\(home)/lora")
        return ("\(home)/base", "\(home)/lora")
    }

    @Test func eachVerbNamesThePartThatIsAnother() throws {
        defer { program.remove() }
        let (base, adapter) = try make()
        // The adapter knows its base.
        _ = try run("chat", "1?", "--adapter", adapter, "--max-tokens", "2")
        for path in [base, adapter] {
            let sheet = try JSONValue(parsing: run("show", path, "--json").utf8)
            #expect(sheet["bundle"]?["parts"]?["tokenizer"]?.string?.utf8.count == 64, "\(sheet)")
        }
        _ = try run("eval", "--adapter", adapter, "--tasks", "arithmetic", "--limit", "2")

        let merged = "\(program.home)/merged.gguf"
        _ = try run("export", "--run", "\(program.home)/tuned", "--format", "gguf", "--output", merged)
        _ = try run("chat", "1?", "--model", merged, "--max-tokens", "2")
        let other = try refusal("chat", "1?", "--model", merged, "--adapter", adapter, "--max-tokens", "2")
        #expect(other.contains("part “base”") && other.contains("SHA-256") && other.contains("danlu-bundle.json"))

        let config = "\(base)/tokenizer_config.json"
        let kept = try String(contentsOfFile: config, encoding: .utf8)
        try replace("\"eos_token\"", with: "\"eos_tokens\"", in: config)
        for arguments in [
            ["chat", "1?"], ["eval", "--tasks", "arithmetic"], ["serve", "--port", "0"], ["bench", "-n", "1"],
        ] {
            let result = try program.run(arguments + ["--model", base])
            #expect(result.status != 0 && result.notes.contains("part “tokenizer”"), "\(arguments): \(result.notes)")
        }
        let tuned = try refusal(
            "train", "lora", "--model", base, "--data", "\(program.home)/examples.jsonl", "--run", "\(program.home)/new"
        )
        #expect(tuned.contains("part “tokenizer”"), "\(tuned)")
        try Data(kept.utf8).write(to: URL(filePath: config))

        let weights = "\(base)/model.safetensors"
        var bytes = try Data(contentsOf: URL(filePath: weights))
        bytes[bytes.count - 2] ^= 1
        try bytes.write(to: URL(filePath: weights))
        #expect(try refusal("chat", "1?", "--model", base, "--max-tokens", "2").contains("part “weights”"))
        bytes[bytes.count - 2] ^= 1
        try bytes.write(to: URL(filePath: weights))

        try replace("\"lora_alpha\": 4", with: "\"lora_alpha\": 8", in: "\(adapter)/adapter_config.json")
        #expect(try refusal("serve", "--port", "0", "--adapter", adapter).contains("part “configuration”"))
        try FileManager.default.removeItem(atPath: "\(adapter)/danlu-bundle.json")
        _ = try run("chat", "1?", "--model", base, "--adapter", adapter, "--max-tokens", "2")
    }
}
