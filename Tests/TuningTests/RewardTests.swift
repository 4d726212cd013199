import Foundation
import Instructions
import JSON
import Testing
import Tuning

@Suite struct RewardTests {
    private static let source = SourceLine(file: "tasks.jsonl", line: 7)

    private static func reward(_ json: String) throws -> any Reward {
        var reader = RewardReader()
        return try reader.read(try JSONValue(parsing: json), at: source)
    }

    private static func value(_ json: String, _ text: String) throws -> Double? {
        try reward(json).value(of: JudgedAnswer(prompt: [["role": "user", "content": "1+1"]], text: text))
    }

    @Test(arguments: [
        (#"{"type":"number","answer":42}"#, "6 x 7 is 42.", 1.0), (#"{"type":"number","answer":"1,234"}"#, "$1,234", 1),
        (#"{"type":"number","answer":42}"#, "42 or 43", 0), (#"{"type":"number","answer":42}"#, "none", 0),
        (#"{"type":"number","answer":-3}"#, "x = -3", 1), (#"{"type":"number","answer":3,"tolerance":0.2}"#, "3.14", 1),
        (#"{"type":"exact","answer":"Paris"}"#, " Paris\n", 1), (#"{"type":"exact","answer":"Paris"}"#, "paris", 0),
        (#"{"type":"exact","answer":["a","b"],"ignore_case":true}"#, "B", 1),
        (#"{"type":"format","regex":"<think>[^<]*</think>\\d+"}"#, "<think>so\nso</think>12 ", 1),
        (#"{"type":"format","regex":"\\d+"}"#, "12 apples", 0),
        (#"{"type":"length","max":4}"#, "one two three", 1), (#"{"type":"length","max":4}"#, "春 眠 不 覺 曉 處", 0.5),
        (#"{"type":"length","min":4,"max":8,"unit":"characters"}"#, "ab", 0.5),
        (#"{"type":"length","max":1}"#, "one two three", 0),
        (#"{"type":"sum","of":[{"type":"number","answer":2},{"type":"length","max":1,"weight":0.5}]}"#, "2", 1.5),
        (#"{"type":"sum","of":[{"type":"number","answer":2},{"type":"length","max":1,"weight":0.5}]}"#, "two", 0.5),
    ])
    func answersAreWorthWhatIsSaid(json: String, text: String, value: Double) throws {
        let found = try #require(try Self.value(json, text))
        #expect(abs(found - value) < 1e-9, "\(json) of “\(text)” is \(found)")
    }

    @Test func jsonFitsASchemaInAnyOrderAndLayout() throws {
        let schema = #"""
            {"type":"json_schema","schema":{"type":"object","properties":{"name":{"type":"string"},
            "tags":{"type":"array","items":{"type":"object","properties":{"a":{"type":"integer"},
            "b":{"type":"integer"}},"required":["a"]}}},"required":["name"]}}
            """#
        for (text, value) in [
            (#"{"name": "x"}"#, 1.0), ("{\n  \"tags\": [{\"b\": 1, \"a\": 2}],\n  \"name\": \"x\"\n}", 1),
            (#"{"tags": []}"#, 0), (#"{"name": 3}"#, 0), (#"{"name":"x","more":1}"#, 0), ("name: x", 0),
        ] {
            #expect(try Self.value(schema, text) == value, "\(text)")
        }
    }

    @Test(arguments: [
        (#"{"answer":2}"#, "reward.type"), (#"{"type":"sums"}"#, "none of number, exact"),
        (#"{"type":"number"}"#, "reward.answer: is missing"), (#"{"type":"number","answer":true}"#, "is boolean"),
        (#"{"type":"number","answer":2,"anwser":3}"#, "reward.anwser"),
        (#"{"type":"exact","answer":[]}"#, "reward.answer"), (#"{"type":"exact","answer":["a",1]}"#, "reward.answer"),
        (#"{"type":"format","regex":"(a"}"#, "reward.regex"), (#"{"type":"format","regex":"a(?=b)"}"#, "reward.regex"),
        (#"{"type":"json_schema","schema":{"not":{}}}"#, "reward.schema"),
        (#"{"type":"length","min":5,"max":2}"#, "below min"), (#"{"type":"length","max":2,"unit":"lines"}"#, "unit"),
        (#"{"type":"sum","of":[]}"#, "reward.of"),
        (#"{"type":"sum","of":[{"type":"number","answer":1,"weight":"x"}]}"#, "reward.of[0].weight"),
        (#"{"type":"command","run":"x","files":{"../a":""}}"#, "plain name"),
        (#"{"type":"command","run":"x","seconds":1000}"#, "reward.seconds"),
    ])
    func faultsNameFileLineAndMember(json: String, part: String) throws {
        let error = #expect(throws: TuningError.self) { try Self.reward(json) }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("tasks.jsonl:7: reward") && text.contains(part), "\(text)")
    }

    #if os(Linux)
        /// Where no sandbox can be made, that is said and nothing is run.
        @Test func aCommandJudgesInTheSandbox() throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "rewards-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let judge = """
                import json, sys
                task = json.load(sys.stdin)
                assert task["prompt"][0]["content"] == "1+1"
                print("judging")
                print(len(task["answer"]) / 10)
                """
            try Data(judge.utf8).write(to: folder.appending(path: "judge.py"))
            let spec: JSONValue = ["type": "command", "run": "python3 judge.py", "files": ["judge.py"]]
            let source = SourceLine(file: folder.appending(path: "tasks.jsonl").path, line: 1)
            let standalone = try RewardReader.standalone(spec, at: source)
            #expect(standalone["files"]?["judge.py"]?.string == judge)
            var reader = RewardReader()
            let reward: any Reward
            do { reward = try reader.read(standalone, at: source) } catch .noSandbox { return }
            let prompt: JSONValue = [["role": "user", "content": "1+1"]]
            #expect(try reward.value(of: JudgedAnswer(prompt: prompt, text: "'); \n“好")) == 0.7)
            // A command that fails gives no value.
            #expect(try reward.value(of: JudgedAnswer(prompt: [], text: "")) == nil)
            for run in ["exit 3", "echo many", "echo 1e300", "cat /etc/passwd"] {
                let odd = try reader.read(["type": "command", "run": .string(run)], at: source)
                #expect(try odd.value(of: JudgedAnswer(prompt: prompt, text: "x")) == nil, "\(run)")
            }
        }

        @Test func filesThatAreNotThereAreNamed() throws {
            let spec: JSONValue = [
                "type": "sum", "of": [["type": "command", "run": "x", "files": ["no-such-judge.py"]]],
            ]
            let error = #expect(throws: TuningError.self) { try RewardReader.standalone(spec, at: Self.source) }
            #expect(error?.description.contains("no-such-judge.py") == true)
        }
    #endif
}
