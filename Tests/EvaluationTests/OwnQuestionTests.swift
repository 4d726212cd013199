import Evaluation
import Testing

/// Questions with rules, from one's own file.
@Suite struct OwnQuestionTests {
    private func task(_ text: String) throws -> EvaluationTask {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "house.jsonl")
        return try TaskCatalogue.kind("\(folder.path)/house.jsonl").task(TaskSettings(folders: []))
    }

    @Test func rulesAreRead() throws {
        let task = try task(
            #"""
            {"question": "你是谁？", "rules": {"contains": "丹青", "lacks": ["Qwen", "通义"], "words": [1, 60]}, "group": "zh"}
            {"question": "Paris?", "system": "S", "tokens": 9, "rules": {"contains_any": ["yes", "ja"], "json": "a"}}
            """#)
        #expect(task.name == "house" && task.metric == .followed && task.items.map(\.group) == ["zh", ""])
        guard case .generation(.chat(let messages), 384, [], .rules(let rules)) = task.items[0].work,
            case .generation(.chat(let others), 9, [], .rules(let more)) = task.items[1].work
        else { return #expect(Bool(false), "\(task.items)") }
        #expect(messages.map(\.content) == ["你是谁？"] && others.map(\.content) == ["S", "Paris?"])
        #expect(rules == [.contains("丹青"), .lacks("Qwen"), .lacks("通义"), .words(1...60)])
        #expect(more == [.containsAny(["yes", "ja"]), .isJSON(keys: ["a"])])
    }

    @Test func wholeAnswersMatchPatterns() throws {
        let rule = AnswerRule.matches(try AnswerPattern("结论：[^\\n]+(\\n- [^\\n]+){0,3}\\n—— 丹青"))
        #expect(rule.isKept(by: "结论：周二。\n- 甲\n- 乙\n—— 丹青\n"))
        #expect(rule.isKept(by: "结论：周二。\n—— 丹青"))
        #expect(!rule.isKept(by: "结论：周二。\n- 甲\n- 乙\n- 丙\n- 丁\n—— 丹青"))
        #expect(!rule.isKept(by: "好的。结论：周二。\n—— 丹青"))
        #expect(!rule.isKept(by: "结论：周二。\n—— 丹青，再见"))
    }

    @Test(arguments: [
        (#"{"question": "a", "rules": {}}"#, "1: field “rules”"),
        (#"{"question": "a", "rules": {"has": "b"}}"#, "“has” is no rule"),
        (#"{"question": "a", "rules": {"words": [3, 1]}}"#, "field “rules.words”"),
        (#"{"question": "a", "rules": {"matches": "("}}"#, "field “rules.matches”"),
        (#"{"question": "a", "rules": {"language": "fr"}}"#, "field “rules.language”"),
        (#"{"question": "a", "rules": {"contains": []}}"#, "field “rules.contains”"),
        (#"{"question": "a", "tokens": 0, "rules": {"ends": "b"}}"#, "field “tokens”"),
        (#"{"rules": {"ends": "b"}}"#, "field “question”"),
        (
            "{\"question\": \"a\", \"rules\": {\"ends\": \"b\"}}\n{\"question\": \"a\", \"choices\": [\"a\", \"b\"]}",
            "2: expected"
        ),
    ])
    func faultsAreNamed(text: String, message: String) {
        do {
            _ = try task(text)
            Issue.record("nothing was thrown")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
