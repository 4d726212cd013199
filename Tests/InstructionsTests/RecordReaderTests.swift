import Instructions
import Testing

/// Lines, arrays over many lines, and files that are broken.
@Suite struct RecordReaderTests {
    private static func example(_ text: String) -> String { #"{"prompt": "\#(text)", "completion": "]},\"{["}"# }

    private static func read(_ text: String, _ name: String) throws -> InstructionData {
        try read(Array(text.utf8), name)
    }

    private static func read(_ bytes: [UInt8], _ name: String) throws -> InstructionData {
        let files = try TemporaryFiles()
        return try InstructionData(paths: [files.write(bytes, name)], skipsBroken: true)
    }

    @Test(arguments: [
        ("data.jsonl", "A\n\nB\r\n  C", [1, 3, 4]), ("data.json", "A\nB\nC\n", [1, 2, 3]),
        ("data.json", "[A, B,\n C]", [1, 1, 2]), ("data.json", "\n[\n  A,\n  B,\n\n  C\n]\n", [3, 4, 6]),
    ])
    func recordsHaveTheirLines(name: String, pattern: String, lines: [Int]) throws {
        let text = pattern.map { $0.isLetter ? Self.example(String($0)) : String($0) }.joined()
        let data = try Self.read(text, name)
        #expect(data.faults.isEmpty && data.examples.map(\.source.line) == lines)
        #expect(data.examples.map { $0.messages[0].content } == ["A", "B", "C"])
    }

    @Test func anElementMayFillManyLines() throws {
        let data = try Self.read("[\n{\n\"prompt\": \"a\",\n\"completion\": \"b\"\n},\n{\"prompt\": 1}\n]", "data.json")
        #expect(data.examples.map(\.source.line) == [2] && data.faults.map(\.source.line) == [6])
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        for name in ["data.jsonl", "data.json"] {
            let data = try Self.read([0xEF, 0xBB, 0xBF] + Array(Self.example("a").utf8), name)
            #expect(data.examples.count == 1, "\(name)")
        }
        let list = try Self.read([0xEF, 0xBB, 0xBF] + Array("[\n\(Self.example("a"))\n]".utf8), "data.json")
        #expect(list.examples.count == 1)
    }

    @Test(arguments: [
        (#"{"prompt": "a", "completion": "b"#, "cut off"), (#"{'prompt': 'a'}"#, "json.dumps"),
        (#"{"prompt": "a", "completion": "b"},"#, "comma"), ("{", "several lines"), ("prompt: a", "{ … }"),
    ])
    func brokenLinesSayWhatHappened(line: String, says: String) throws {
        let data = try Self.read("\(Self.example("a"))\n\(line)\n\(Self.example("b"))\n", "data.jsonl")
        #expect(data.examples.count == 2 && data.faultCount == 1)
        let fault = try #require(data.faults.first)
        #expect(fault.source.line == 2 && fault.problem.en.contains(says), "\(fault)")
    }

    @Test func otherEncodingsAreNamed() throws {
        // "问" in GBK.
        let bytes = Array(#"{"prompt": ""#.utf8) + [0xCE, 0xCA] + Array(#"", "completion": "b"}"#.utf8)
        let fault = try #require(try Self.read(bytes, "data.jsonl").faults.first)
        #expect(fault.problem.en.contains("byte 13 (0xce)") && fault.problem.en.contains("GBK"), "\(fault)")
        // A line that ends within a character.
        let cut = try Self.read(Array(#"{"prompt": "问"#.utf8.dropLast()), "data.jsonl")
        #expect(cut.faults.first?.problem.en.contains("byte 13 (0xe9)") == true, "\(cut.faults)")
    }

    @Test func anArrayThatEndsEarlyIsNamed() throws {
        let data = try Self.read("[\n\(Self.example("a")),\n{\"prompt\": \"b\",\n", "data.json")
        #expect(data.examples.count == 1)
        #expect(data.faults.first?.source.line == 3 && data.faults.first?.problem.en.contains("ends within") == true)
    }

    @Test func foldersAreReadInOrderAndOtherFilesLeftOut() throws {
        let files = try TemporaryFiles()
        for name in ["b.jsonl", "a.json", ".hidden.jsonl", "readme.txt"] {
            _ = try files.write(Self.example(name), name)
        }
        let data = try InstructionData(paths: [files.folder], skipsBroken: false)
        #expect(data.examples.map { $0.messages[0].content } == ["a.json", "b.jsonl"])
        let text = try files.write("x", "notes.txt")
        #expect(throws: InstructionsError.self) { try InstructionData(paths: [text], skipsBroken: false) }
        #expect(throws: InstructionsError.self) { try InstructionData(paths: ["/nowhere.jsonl"], skipsBroken: false) }
    }
}
