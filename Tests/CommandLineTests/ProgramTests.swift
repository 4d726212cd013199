import Foundation
import JSON
import Testing

/// Exit codes, languages and output of verbs that need no model.
@Suite(.timeLimit(.minutes(1)))
struct ProgramTests {
    private static let succeeding: [[String]] = [
        ["--help"], ["--version"], ["chat", "--help"], ["help", "bench"], ["models", "--json"],
    ]
    private static let failing: [[String]] = [
        ["pull", "../x"], ["perplexity", "--file", "/nowhere"], ["show", "not-here"], ["rm", "not-here", "--yes"],
        ["chat", "--model", "not-here", "hi"], ["tokenizer", "encode", "--model", "/nowhere.gguf"],
        ["template", "--file", "/nowhere", "--messages", "/nowhere"],
        ["tokenizer", "train", "--input", "/nowhere", "--output", "/nowhere"],
        ["tokenizer", "info", "/nowhere"],
    ]
    private static let misused: [[String]] = [
        ["nope"], ["models", "--nope"], ["bench", "-p", "x"], ["bench", "-p", "-1"], ["template"],
        ["chat", "--temperature", "9", "hi"], ["chat", "--seed", "x", "hi"], ["pull", "hf:only-owner"],
        ["pull", "pypi:without-version"], ["pull", "a", "b", "--name", "c"], ["serve", "--port", "99999"],
        ["tokenizer", "train", "--output", "x"], ["plan"], ["plan", "--size", "x"],
        ["tokenizer", "train", "--input", "a", "--output", "b", "--vocab-size", "5"],
        ["plan", "--size", "1M", "--layers", "2"], ["plan", "--size", "1M", "--machine", "abacus"],
        ["chat", "--speculation", "maybe", "hi"], ["serve", "--draft", "x", "--speculation", "off"],
    ]

    @Test(
        arguments: succeeding.map { ($0, Int32(0)) } + failing.map { ($0, Int32(1)) } + misused.map { ($0, Int32(2)) })
    func exitCodes(arguments: [String], status: Int32) throws {
        let program = Program()
        defer { program.remove() }
        let result = try program.run(arguments)
        #expect(result.status == status, "\(result.output)\(result.notes)")
        // What went wrong is told on standard error only.
        if status != 0 { #expect(result.output.isEmpty && !result.notes.isEmpty) }
    }

    @Test func speaksChineseAndEnglish() throws {
        let program = Program()
        defer { program.remove() }
        #expect(try program.run(["--help"], language: "zh_CN.UTF-8").output.contains("丹炉"))
        #expect(try program.run(["--help"], language: "en_US.UTF-8").output.contains("alchemist"))
        #expect(try program.run(["models"], language: "zh_CN.UTF-8").notes.contains("还没有模型"))
    }

    @Test func anEmptyHomeIsAnEmptyList() throws {
        let program = Program()
        defer { program.remove() }
        #expect(try program.run(["models", "--json"]).output == "[]\n")
    }

    @Test func theCatalogueHasItsNames() throws {
        let program = Program()
        defer { program.remove() }
        let lines = try program.run(["pull", "--json"]).output.split(separator: "\n")
        let entries = try lines.map { try JSONValue(parsing: $0.utf8) }
        #expect(entries.first?["name"]?.string == "qwen2.5-coder-1.5b-instruct")
        for name in [
            "qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-0.5b-instruct", "smollm2-135m-instruct", "gemma-3-270m",
        ] {
            let entry = try #require(entries.first { $0["name"]?.string == name })
            #expect(entry["size"]?.int != nil && entry["sha256"]?.string?.count == 64)
            #expect(entry["licence"]?.string?.isEmpty == false)
        }
    }

    @Test func rendersTemplates() throws {
        let program = Program()
        defer { program.remove() }
        try FileManager.default.createDirectory(atPath: program.home, withIntermediateDirectories: true)
        func file(_ name: String, _ text: String) throws -> String {
            let path = "\(program.home)/\(name)"
            try Data(text.utf8).write(to: URL(filePath: path))
            return path
        }
        let template = try file(
            "t.jinja",
            """
            {{ bos_token }}{% for m in messages %}[{{ m.role }}] {{ m.content }}{{ eos_token }}
            {% endfor %}{% if tools %}tools: {{ tools | length }}
            {% endif %}{% if add_generation_prompt %}[assistant]{% endif %}
            """)
        let messages = try file("m.json", #"[{"role": "user", "content": "你好"}]"#)
        let tools = try file("tools.json", #"[{"type": "function", "function": {"name": "f"}}]"#)
        let base = ["template", "--file", template, "--messages", messages]
        #expect(try program.run(base).output == "[user] 你好\n")
        let all = base + ["--tools", tools, "--add-generation-prompt", "--bos", "<s>", "--eos", "</s>"]
        #expect(try program.run(all).output == "<s>[user] 你好</s>\ntools: 1\n[assistant]")
        let broken = try file("b.jinja", "{% for %}")
        let result = try program.run(["template", "--file", broken, "--messages", messages])
        #expect(result.status == 1 && result.output.isEmpty)
    }

    @Test func keysAreShownOnce() throws {
        let program = Program()
        defer { program.remove() }
        let created = try JSONValue(parsing: program.run(["keys", "create", "laptop", "--json"]).output)
        let key = try #require(created["key"]?.string)
        let listed = try program.run(["keys", "list", "--json"]).output
        #expect(listed.contains("laptop") && !listed.contains(key))
        let id = try #require(created["id"]?.string)
        #expect(try program.run(["keys", "revoke", "nobody"]).status == 1)
        #expect(try program.run(["keys", "revoke", id]).status == 0)
        #expect(try JSONValue(parsing: program.run(["keys", "--json"]).output)[0]?["revoked_at"]?.isNull == false)
    }

    @Test func aLocalFileIsTakenInShownAndRemoved() throws {
        let program = Program()
        defer { program.remove() }
        try FileManager.default.createDirectory(atPath: program.home, withIntermediateDirectories: true)
        let path = "\(program.home)/mine.gguf"
        try Data("GGUF but nothing more".utf8).write(to: URL(filePath: path))
        #expect(try program.run(["pull", path, "--name", "own"]).status == 0)
        #expect(try program.run(["models", "--json"]).output.contains("\"own\""))
        // A broken file is named, not crashed upon.
        #expect(try program.run(["show", "own"]).status == 1)
        #expect(try program.run(["rm", "own"]).status == 2)
        #expect(try program.run(["rm", "own", "--yes", "--json"]).output.contains("freed_bytes"))
        #expect(try program.run(["models", "--json"]).output == "[]\n")
    }
}
