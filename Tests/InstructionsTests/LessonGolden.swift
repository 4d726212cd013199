import Dialogue
import Foundation
import Instructions
import JSON
import Templates
import Testing
import Tokens

/// What make_lessons.py worked out.
struct LessonGolden {
    struct Case {
        var name: String
        var example: InstructionExample
        var expected: JSONValue
    }

    let tokenizer: Tokenizer
    private let document: JSONValue

    static func url(_ name: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Goldens", withExtension: nil)).appending(path: name)
    }

    init(_ document: JSONValue) throws {
        self.document = document
        let bytes = Array(try Data(contentsOf: Self.url("tokenizer.json")))
        tokenizer = try Tokenizer.huggingFace(tokenizerJSON: bytes, tokenizerConfig: nil)
    }

    static func ours() throws -> LessonGolden {
        try LessonGolden(try JSONValue(parsing: Data(contentsOf: url("lessons.json"))))
    }

    /// Unpacks with gzip, which every Debian has.
    static func families() throws -> LessonGolden {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", try url("families.json.gz").path]
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try LessonGolden(try JSONValue(parsing: data))
    }

    var templates: [String] { document["templates"]?.object?.map(\.key) ?? [] }

    func renderer(_ template: String, source: String, variables: [String: JSONValue] = [:]) throws -> SupervisedRenderer
    {
        SupervisedRenderer(
            tokenizer: tokenizer, template: try chatTemplate(template, source: source), endTokens: try ends(template),
            options: RenderingOptions(variables: variables, now: try Self.now))
    }

    func chatTemplate(_ template: String, source: String) throws -> ChatTemplate {
        let facts = document["templates"]?[template]
        return try ChatTemplate(
            source: source, bosToken: facts?["bos"]?.string ?? "", eosToken: facts?["eos"]?.string ?? "")
    }

    func ends(_ template: String) throws -> Set<Int32> {
        let names = document["templates"]?[template]?["ends"]?.array?.compactMap(\.string) ?? []
        return Set(try names.map { try #require(tokenizer.id(of: $0)) })
    }

    /// The moment of reference.py.
    static var now: Date {
        get throws {
            let parts = DateComponents(year: 2026, month: 8, day: 1, hour: 9, minute: 5, second: 7)
            return try #require(Calendar(identifier: .gregorian).date(from: parts))
        }
    }

    static func source(_ template: String) throws -> String {
        try String(contentsOf: url("templates/\(template).jinja"), encoding: .utf8)
    }

    func cases(_ template: String) throws -> [Case] {
        let lessons = try #require(document["templates"]?[template]?["lessons"]?.object)
        return try lessons.map { name, expected in
            let conversation = try #require(document["conversations"]?[name]?.object)
            // The reader of files makes the messages; it has its own tests.
            let path = NSTemporaryDirectory() + "danlu-lesson-\(UUID().uuidString).jsonl"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Data(JSONValue.object(conversation).serialized().utf8).write(to: URL(filePath: path))
            let data = try InstructionData(paths: [path], skipsBroken: false)
            return Case(name: name, example: try #require(data.examples.first), expected: expected)
        }
    }
}
