import Foundation
import JSON
import Testing

/// `danlu index-corpus` and `danlu trace` as scripts use them. With a model: script/test-habit.
@Suite struct TraceVerbTests {
    private static let poem = "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。"

    private static func json(_ result: Program.Result) throws -> JSONValue {
        try #require(result.status == 0, "\(result.notes)")
        return try JSONValue(parsing: Array(result.output.utf8))
    }

    private static func write(_ lines: [JSONValue], to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(lines.map { $0.serialized() + "\n" }.joined().utf8).write(to: URL(filePath: path))
    }

    @Test func fromAnAnswerAndAHabitToTheirSource() throws {
        let program = Program()
        defer { program.remove() }
        let (corpus, index) = ("\(program.home)/corpus", "\(program.home)/index")
        try Self.write(
            (0..<30).map { ["text": .string("第\($0)楼：好。。。真的。。。"), "source": "论坛", "url": .string("u/\($0)")] },
            to: "\(corpus)/a.jsonl")
        try Self.write([["text": .string(Self.poem)]], to: "\(corpus)/poem.jsonl")
        let made = try Self.json(program.run(["index-corpus", corpus, "--output", index, "--json"]))
        #expect(made["documents"] == 31 && made["sources"] == 2 && made["symbol_bytes"] == 1)
        let again = try program.run(["index-corpus", corpus, "--output", index])
        #expect(again.status == 1 && again.notes.contains("--overwrite"))

        let text = "他念道：处处闻啼鸟。夜来风雨声"
        let trace = try Self.json(program.run(["trace", "--index", index, text, "--json", "--infinity-gram"]))
        let span = try #require(trace["spans"]?.array?.first)
        #expect(span["text"] == "处处闻啼鸟。夜来风雨声" && span["count"] == 1)
        #expect(trace["infinity_gram"]?.array?.count == text.utf8.count)
        let piped = try program.run(["trace", "--index", index, "-"], input: text)
        #expect(piped.output.contains("[处处闻啼鸟。夜来风雨声]") && piped.output.contains("poem.jsonl:1"))

        let answers = "\(program.home)/answers.jsonl"
        try Self.write([["answer": "好。。。"], ["answer": "好。"]], to: answers)
        let habit = try Self.json(
            program.run(
                ["trace", "--index", index, "--habit", #"/([。！])\1\1/"#, "--answers", answers, "--json"]))
        #expect(habit["guilty"] == ["论坛"] && habit["model"]?["occurrences"] == 1)
        #expect(habit["sources"]?.array?.first?["occurrences"] == 60)
    }

    @Test func whatCannotBeDoneIsSaid() throws {
        let program = Program()
        defer { program.remove() }
        let none = try program.run(["trace", "--index", "\(program.home)/none", "x"])
        #expect(none.status == 1 && none.notes.contains("index-corpus"))
        #expect(try program.run(["trace", "--index", "x"]).status == 2)
        #expect(try program.run(["trace", "--index", "x", "text", "--habit", "y"]).status == 2)
        let empty = try program.run(["index-corpus", "\(program.home)/none", "--output", "\(program.home)/i"])
        #expect(empty.status == 1 && !FileManager.default.fileExists(atPath: "\(program.home)/i"))
    }
}
