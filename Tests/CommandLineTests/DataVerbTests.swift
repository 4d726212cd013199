import Foundation
import JSON
import Testing

/// `danlu data check`, `convert`, `stats` and `split` on files of this test's own.
@Suite(.timeLimit(.minutes(1)))
struct DataVerbTests {
    private let program = Program()
    private let folder = NSTemporaryDirectory() + "danlu-data-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    private func write(_ lines: [String], _ name: String) throws -> String {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        return "\(folder)/\(name)"
    }

    private func remove() {
        program.remove()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func checksConvertsAndMeasures() throws {
        defer { remove() }
        let good = (0..<20).map { #"{"instruction": "question \#($0)", "output": "answer \#($0)"}"# }
        let path = try write(good + [#"{"instruction": "x"}"#, good[0]], "alpaca.jsonl")
        let checked = try program.run(["data", "check", path])
        #expect(checked.status == 1 && checked.output.contains("alpaca.jsonl:21: output: is missing"))
        let chinese = try program.run(["data", "check", path], language: "zh_CN.UTF-8")
        #expect(chinese.output.contains("alpaca.jsonl:21: output: 缺失"))
        let test = try write(
            [#"{"question": "\#((1...13).map { "word\($0)" }.joined(separator: " "))"}"#], "test.jsonl")
        let check = try JSONValue(
            parsing: program.run(["data", "check", path, "--json", "--against", test]).output.utf8)
        #expect(check["examples"]?.int == 21 && check["broken"]?.int == 1 && check["ok"]?.bool == false)
        #expect(check["faults"]?[0]?["line"]?.int == 21 && check["faults"]?[0]?["zh"]?.string?.isEmpty == false)
        #expect(check["duplicates"]?["exact"]?.int == 1 && check["contamination"]?["examples"]?.int == 0)
        let output = folder + "/converted.jsonl"
        let refused = try program.run(["data", "convert", path, "--output", output])
        #expect(refused.status == 1 && refused.notes.contains("--skip-broken"))
        #expect(
            !FileManager.default.fileExists(atPath: output)
                && !FileManager.default.fileExists(atPath: output + ".partial"))
        let convert = ["data", "convert", path, "--output", output, "--skip-broken", "--drop-duplicates", "--json"]
        #expect(try program.run(convert).status == 0)
        #expect(try lines(output).count == 20)
        #expect(try lines(output)[3].hasPrefix(#"{"messages":[{"role":"user","content":"question 3"}"#))
        // A file that is there is not replaced unasked.
        #expect(try program.run(convert).status == 1)
        let stats = try JSONValue(parsing: program.run(["data", "stats", output, "--json"]).output.utf8)
        #expect(stats["survey"]?["messages"]?["assistant"]?.int == 20 && stats["kinds"]?["demonstration"]?.int == 20)
    }

    @Test func splitsByContent() throws {
        defer { remove() }
        let data = (0..<200).map { #"{"prompt": "question \#($0 % 150)", "completion": "answer \#($0)"}"# }
        let path = try write(data, "data.jsonl")
        let split = ["data", "split", path, "--held-out", "0.2", "--json"]
        let result = try JSONValue(parsing: program.run(split + ["--output", folder + "/a"]).output.utf8)
        let held = try lines(folder + "/a/held-out.jsonl")
        let training = try lines(folder + "/a/train.jsonl")
        #expect(result["held_out"]?.int == held.count && held.count + training.count == 200 && held.count > 10)
        func questions(_ lines: [String]) throws -> Set<String> {
            Set(try lines.map { try #require(JSONValue(parsing: $0)["messages"]?[0]?["content"]?.string) })
        }
        #expect(try questions(held).isDisjoint(with: questions(training)))
        // The order of the file has no say.
        let shuffled = try write(data.reversed(), "data.jsonl")
        #expect(shuffled == path)
        #expect(try program.run(split + ["--output", folder + "/b"]).status == 0)
        #expect(Set(try lines(folder + "/b/held-out.jsonl")) == Set(held))
    }
}
