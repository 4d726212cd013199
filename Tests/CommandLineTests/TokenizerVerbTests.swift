import Foundation
import JSON
import Testing

/// `danlu tokenizer train`, `info` and `compare` on a text of this test's own.
@Suite(.timeLimit(.minutes(1)))
struct TokenizerVerbTests {
    private static let lines = [
        "床前明月光，疑是地上霜。", "举头望明月，低头思故乡。", "The furnace keeps its heat when nobody opens the door.",
        "def f(x):\n    return x + 1", "春眠不觉晓，处处闻啼鸟。",
    ]

    @Test func trainsInspectsAndCompares() throws {
        let program = Program()
        defer { program.remove() }
        let folder = NSTemporaryDirectory() + "danlu-tokenizer-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let documents = (0..<50).map { JSONValue.object(["text": .string(Self.lines[$0 % Self.lines.count])]) }
        let text = documents.map { $0.serialized() + "\n" }.joined()
        try Data(text.utf8).write(to: URL(filePath: folder + "/text.jsonl"))
        let output = folder + "/tokenizer"
        let train = [
            "tokenizer", "train", "--input", folder + "/text.jsonl", "--vocab-size", "320", "--output", output,
        ]
        let trained = try program.run(train + ["--threads", "2", "--held-out", "10", "--json"])
        #expect(trained.status == 0, "\(trained.notes)")
        let result = try JSONValue(parsing: trained.output.utf8)
        #expect(result["vocab_size"]?.int == 320 && result["documents"]?.int == 50)
        #expect(result["held_out"]?["all"]?["tokens"]?.int ?? 0 > 0)
        // A second one would take the tokenizer from models that depend on it.
        let again = try program.run(train)
        #expect(again.status == 1 && again.notes.contains("--overwrite"))
        let info = try JSONValue(parsing: program.run(["tokenizer", "info", output, "--json"]).output.utf8)
        #expect(info["vocab_size"]?.int == 320 && info["pre_tokenizer"]?.string == "superbpe")
        #expect(info["kinds"]?["control"]?.int == 16)
        let compared = try program.run(
            ["tokenizer", "compare", output, output + "/tokenizer.json", "--input", folder, "--json"])
        let rows = try JSONValue(parsing: compared.output.utf8)
        #expect(rows.array?.count == 2 && rows[0]?["text"] == rows[1]?["text"])
        #expect(rows[0]?["text"]?["zh"]?["characters"]?.int ?? 0 > 0)
        #expect(rows[0]?["text"]?["code"]?["tokens"]?.int ?? 0 > 0)
        let ids = try program.run(["tokenizer", "encode", "--model", output, "--json"], input: "明月光 door")
        let back = try program.run(["tokenizer", "decode", "--model", output, "--json"], input: ids.output)
        #expect(back.output == "\"明月光 door\"\n")
    }

    @Test func whatCannotBeLearntFromIsTold() throws {
        let program = Program()
        defer { program.remove() }
        let folder = NSTemporaryDirectory() + "danlu-tokenizer-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: folder + "/empty.txt"))
        let lines = "{\"text\": \"明月光\"}\n{\"text\": 3}\n{broken\n"
        try Data(lines.utf8).write(to: URL(filePath: folder + "/broken.jsonl"))
        func train(_ name: String, _ more: [String] = []) throws -> Program.Result {
            try program.run(
                [
                    "tokenizer", "train", "--input", "\(folder)/\(name)", "--vocab-size", "300", "--output",
                    folder + "/t",
                ] + more)
        }
        let empty = try train("empty.txt")
        #expect(empty.status == 1 && empty.notes.contains("there is no text in"), "\(empty.notes)")
        let broken = try train("broken.jsonl", ["--broken-lines", "1"])
        #expect(broken.status == 1 && broken.notes.contains("line 3") && broken.notes.contains("--broken-lines"))
        #expect(try train("broken.jsonl", ["--broken-lines", "2"]).status == 0)
    }

    @Test func plansWithoutMeasuring() throws {
        let program = Program()
        defer { program.remove() }
        let options = ["plan", "--size", "10B", "--overtrain", "30", "--machine", "a100", "--count", "1000"]
        let plan = try JSONValue(parsing: program.run(options + ["--price-hour", "2", "--json"]).output.utf8)
        let days = (plan["hours"]?.double ?? 0) / 24
        #expect((25...37).contains(days), "\(days)")
        #expect(plan["cost"]?.double == plan["device_hours"]?.double.map { $0 * 2 })
        #expect(plan["memory_bytes"]?["total"]?.double ?? 0 > 0)
        let explained = try program.run(options + ["--explain"], language: "zh_CN.UTF-8")
        #expect(explained.output.contains("arXiv:2203.15556") && explained.output.contains("电能"))
    }
}
