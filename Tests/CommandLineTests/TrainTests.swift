import Foundation
import JSON
import Testing

/// `danlu train` as scripts use it: real processes, killed at random moments.
@Suite(.timeLimit(.minutes(3)))
struct TrainTests {
    private static let steps = 30

    /// A home, text and a tokenizer.
    private struct Fixture {
        let program = Program()
        var text: String { "\(program.home)/text.jsonl" }
        var tokenizer: String { "\(program.home)/tokenizer" }

        init() throws {
            try FileManager.default.createDirectory(atPath: program.home, withIntermediateDirectories: true)
            let lines = (0..<300).map { number in
                let text = number % 2 == 0 ? "第\(number)首 春眠不覺曉，處處聞啼鳥。" : "After \(number) comes \(number + 1)."
                return JSONValue.object(["text": .string(text)]).serialized() + "\n"
            }
            try Data(lines.joined().utf8).write(to: URL(filePath: text))
            let result = try program.run([
                "tokenizer", "train", "--input", text, "--vocab-size", "320", "--output", tokenizer,
            ])
            #expect(result.status == 0, "\(result.notes)")
        }

        func pretrain(_ run: String) -> [String] {
            [
                "train", "pretrain", "--data", text, "--tokenizer", tokenizer, "--layers", "1", "--dim", "64", "--seq",
                "32", "--batch-tokens", "256", "--steps", "\(TrainTests.steps)", "--threads", "2", "--seed", "3",
                "--save-every", "3", "--validate-every", "15", "--sample-every", "0", "--held-out", "0.2", "--run",
                folder(run), "--json",
            ]
        }

        func folder(_ run: String) -> String { "\(program.home)/work/\(run)" }

        func weights(_ run: String) throws -> Data {
            let path = "\(folder(run))/checkpoints/step-000000\(TrainTests.steps)/weights.safetensors"
            return try Data(contentsOf: URL(filePath: path))
        }
    }

    @Test func killedAndResumedIsTheSame() throws {
        let fixture = try Fixture()
        defer { fixture.program.remove() }
        let clock = ContinuousClock()
        let start = clock.now
        let whole = try fixture.program.run(fixture.pretrain("whole"))
        let seconds = start.duration(to: clock.now) / .seconds(1)
        #expect(whole.status == 0, "\(whole.notes)")
        let lines = try whole.output.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
        #expect(lines.count == Self.steps)
        for name in ["step", "loss", "tokens", "tokens_per_second", "learning_rate", "gradient_norm"] {
            #expect(lines.allSatisfy { $0[name]?.double != nil }, "\(name)")
        }
        #expect((lines.last?["loss"]?.double ?? 99) < (lines.first?["loss"]?.double ?? 0))
        var delays: [Double] = []
        for _ in 0..<5 {
            let isBegun = FileManager.default.fileExists(atPath: fixture.folder("killed") + "/config.json")
            let arguments = isBegun ? ["train", "--resume", fixture.folder("killed")] : fixture.pretrain("killed")
            delays.append(Double.random(in: 0.02...max(0.05, seconds)))
            try fixture.program.kill(arguments, after: delays.last ?? 0)
        }
        let isBegun = FileManager.default.fileExists(atPath: fixture.folder("killed") + "/config.json")
        let last = try fixture.program.run(
            isBegun ? ["train", "--resume", fixture.folder("killed"), "--json"] : fixture.pretrain("killed"))
        #expect(last.status == 0, "killed after \(delays): \(last.notes)")
        #expect(try fixture.weights("killed") == fixture.weights("whole"), "killed after \(delays)")
    }

    @Test func runsAreListedComparedAndDeleted() throws {
        let fixture = try Fixture()
        defer { fixture.program.remove() }
        #expect(try fixture.program.run(fixture.pretrain("a")).status == 0)
        #expect(try fixture.program.run(fixture.pretrain("b") + ["--learning-rate", "0.01"]).status == 0)
        // A folder with a run is not begun again.
        #expect(try fixture.program.run(fixture.pretrain("a")).status == 1)
        let list = try JSONValue(parsing: fixture.program.run(["runs", "--json"]).output)
        #expect(list.array?.compactMap { $0["name"]?.string } == ["a", "b"])
        #expect(list[0]?["finished"]?.bool == true && list[0]?["bits_per_byte"]?["zh"]?.double != nil)
        let comparison = try fixture.program.run(["runs", "compare", "a", fixture.folder("b")])
        #expect(comparison.status == 0 && comparison.output.contains("schedule.peak"))
        #expect(!comparison.output.contains("model.dim"))
        #expect(try fixture.program.run(["runs", "delete", "a", "--yes"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: fixture.folder("a")))
        #expect(try fixture.program.run(["runs", "delete", "a", "--yes"]).status == 1)
    }

    private static let misused: [([String], Int32)] = [
        (["train"], 2), (["train", "--resume", "/nowhere"], 1), (["train", "pretrain"], 1),
        (["train", "pretrain", "--precision", "fp8"], 2), (["runs", "compare", "a"], 2),
        (["train", "pretrain", "--config", "/nowhere"], 1),
    ]

    @Test(arguments: misused)
    func misuseIsTold(arguments: [String], status: Int32) throws {
        let program = Program()
        defer { program.remove() }
        let result = try program.run(arguments)
        #expect(result.status == status && result.output.isEmpty && !result.notes.isEmpty, "\(result.notes)")
    }
}
