import Foundation
import JSON
import Testing

/// `danlu eval` as scripts use it, on a model that has learnt next to nothing.
@Suite(.timeLimit(.minutes(3)))
struct EvalTests {
    private func tinyModel(_ program: Program) throws -> String {
        try FileManager.default.createDirectory(atPath: program.home, withIntermediateDirectories: true)
        let text = "\(program.home)/text.jsonl"
        let lines = (0..<200).map { "{\"text\": \"第\($0)首 春眠不覺曉，處處聞啼鳥。After \($0) comes \($0 + 1).\"}\n" }
        try Data(lines.joined().utf8).write(to: URL(filePath: text))
        let (tokenizer, run, model) = ("\(program.home)/tokenizer", "\(program.home)/run", "\(program.home)/tiny.gguf")
        for arguments in [
            ["tokenizer", "train", "--input", text, "--vocab-size", "300", "--output", tokenizer],
            [
                "train", "pretrain", "--data", text, "--tokenizer", tokenizer, "--layers", "1", "--dim", "64", "--seq",
                "128", "--batch-tokens", "256", "--steps", "3", "--threads", "2", "--sample-every", "0", "--run", run,
                "--json",
            ],
            ["export", "--run", run, "--format", "gguf", "--type", "F32", "--output", model],
        ] {
            let result = try program.run(arguments)
            #expect(result.status == 0, "\(arguments): \(result.notes)")
        }
        return model
    }

    @Test func judgesComparesAndReports() throws {
        let program = Program()
        defer { program.remove() }
        let model = try tinyModel(program)
        let arguments = ["eval", "--model", model, "--tasks", "idiom-cloze,copy", "--limit", "12", "--shots", "1"]
        let first = try program.run(arguments + ["--json"])
        #expect(first.status == 0, "\(first.notes)")
        let json = try JSONValue(parsing: first.output)
        #expect(json["tasks"]?.array?.compactMap { $0["name"]?.string } == ["idiom-cloze", "copy"])
        let score = json["tasks"]?[0]?["score"]
        #expect(score?["items"]?.int == 12 && score?["chance"]?.double == 0.25)
        // The second time nothing is asked; the report card says the same.
        let card = "\(program.home)/card"
        let second = try program.run(arguments + ["--output", card, "--no-samples"], language: "zh_CN.UTF-8")
        #expect(second.status == 0 && second.output.contains("猜测"), "\(second.notes)")
        let report = try String(contentsOfFile: "\(card)/report.md", encoding: .utf8)
        #expect(report.contains("idiom-cloze") && report.contains("SHA-256"))
        let path = "\(program.home)/first.json"
        try Data(first.output.utf8).write(to: URL(filePath: path))
        let compared = try program.run(["eval", "compare", path, "\(card)/report.json"])
        #expect(compared.status == 0 && compared.output.contains("cannot tell"), "\(compared.output)\(compared.notes)")
    }

    @Test func saysWhatIsMissing() throws {
        let program = Program()
        defer { program.remove() }
        let tasks = try program.run(["eval", "tasks", "--json"])
        #expect(try JSONValue(parsing: tasks.output).array?.contains { $0["name"]?.string == "gsm8k" } == true)
        let unknown = try program.run(["eval", "--tasks", "nothing"])
        #expect(unknown.status == 1 && unknown.notes.contains("arithmetic"), "\(unknown.notes)")
        let noData = try program.run(["eval", "--tasks", "mmlu"])
        #expect(noData.status == 1 && noData.notes.contains("--data"), "\(noData.notes)")
        #expect(try program.run(["eval", "--tasks", ""]).status == 2)
    }
}
