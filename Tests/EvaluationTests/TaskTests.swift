import Evaluation
import Foundation
import Testing

@Suite struct TaskTests {
    private func context(_ item: EvaluationItem?) -> (context: String, choices: [String], answer: Int)? {
        guard case .choice(let context, _, let choices, let answer) = item?.work else { return nil }
        return (context, choices, answer)
    }

    /// The prompts are those of lm-evaluation-harness 0.4.13, letter by letter.
    @Test func examinationsHaveTheHarnessPrompt() throws {
        let folder = try TemporaryFolder()
        let head = "id,question,A,B,C,D,answer\n"
        try folder.write(head + "0,\"一加一，\n等于几 \",1,2,3,\"\"\"4\"\"\",B\n", to: "ceval/val/art_studies_val.csv")
        try folder.write(
            "id,question,A,B,C,D,answer,explanation\n0,二加二,4,3,2,1,A,数一数\n1,无,a,b,c,d,D,\n",
            to: "ceval/dev/art_studies_dev.csv")
        var settings = TaskSettings(folders: [folder.path])
        settings.shots = 1
        let task = try TaskCatalogue.kind("ceval").task(settings)
        let item = try #require(context(task.items.first))
        #expect(
            item.context == """
                以下是中国关于艺术学的单项选择题，请选出其中的正确答案。

                二加二
                A. 4
                B. 3
                C. 2
                D. 1
                答案： A

                一加一，
                等于几
                A. 1
                B. 2
                C. 3
                D. "4"
                答案：
                """)
        #expect(item.answer == 1 && item.choices == ["A", "B", "C", "D"])
        #expect(task.chance == 0.25 && task.items.first?.group == "art_studies")

        try folder.write("What is 1+1?,1,2,3,4,B\n", to: "mmlu/test/college_physics_test.csv")
        settings.shots = 0
        let mmlu = try #require(context(try TaskCatalogue.kind("mmlu").task(settings).items.first))
        #expect(
            mmlu.context == """
                The following are multiple choice questions (with answers) about college physics.

                What is 1+1?
                A. 1
                B. 2
                C. 3
                D. 4
                Answer:
                """)
    }

    @Test func scienceQuestionsHaveTexts() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            {"id":"x1","question":{"stem":"Why?","choices":[{"text":"So.","label":"1"},{"text":"No.","label":"2"}]},\
            "answerKey":"2"}

            """, to: "arc/ARC-Easy-Test.jsonl")
        let task = try TaskCatalogue.kind("arc-easy").task(TaskSettings(folders: [folder.path]))
        let item = try #require(context(task.items.first))
        #expect(item.context == "Question: Why?\nAnswer:" && item.choices == ["So.", "No."] && item.answer == 1)
        #expect(task.chance == 0.5)
    }

    @Test func brokenDataIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            """
            {"question":"q","choices":["a","b"],"answer":0}
            {"question":"q","choices":["a","b"],"answer":2}

            """, to: "own.jsonl")
        #expect(throws: EvaluationError.self) {
            try TaskCatalogue.kind(path).task(TaskSettings(folders: []))
        }
        do { _ = try TaskCatalogue.kind(path).task(TaskSettings(folders: [])) } catch {
            #expect("\(error)".contains("own.jsonl:2: field “answer”"), "\(error)")
        }
        #expect(throws: EvaluationError.self) { try TaskCatalogue.kind("nothing") }
        #expect(throws: EvaluationError.self) {
            try TaskCatalogue.kind("gsm8k").task(TaskSettings(folders: [folder.path]))
        }
    }

    @Test func wordProblemsAreWorkedThrough() throws {
        let folder = try TemporaryFolder()
        let row = "{\"question\":\"How many?\",\"answer\":\"One and one.\\n#### 2\"}\n"
        try folder.write(row, to: "gsm8k/test.jsonl")
        try folder.write(row, to: "gsm8k/train.jsonl")
        let task = try TaskCatalogue.kind("gsm8k").task(TaskSettings(folders: [folder.path]))
        guard case .generation(.text(let text), _, _, let check) = task.items.first?.work else {
            Issue.record("no text is asked for")
            return
        }
        #expect(
            text == "Question: How many?\nAnswer: One and one.\n#### 2\n\nQuestion: How many?\nAnswer:")
        #expect(check == .lastNumber("2"))
    }

    /// What needs no data is the same for the same seed, another for another, and has items that are right.
    @Test(arguments: ["arithmetic", "copy", "minimal-pairs", "idiom-cloze", "instructions"])
    func generatedTasks(name: String) throws {
        var settings = TaskSettings(folders: [])
        settings.limit = 40
        let kind = try TaskCatalogue.kind(name)
        let task = try kind.task(settings)
        #expect(task.items.count == 40)
        #expect(Set(task.items.map(\.id)).count == 40)
        #expect(try kind.task(settings).hash == task.hash)
        settings.seed = 2
        #expect(try kind.task(settings).hash != task.hash)
        for case .choice(_, _, let choices, let answer) in task.items.map(\.work) {
            #expect(choices.indices.contains(answer) && Set(choices).count == choices.count)
        }
    }

    @Test func textsHaveBitsAndOrder() throws {
        let folder = try TemporaryFolder()
        let sentences = (1...40).map { "This is the sentence with number \($0) of the text. " }.joined()
        let path = try folder.write(sentences, to: "a.txt")
        try folder.write(String(repeating: "春天来了，花都开了。", count: 40), to: "b.md")
        var settings = TaskSettings(folders: [])
        settings.texts = [path, "\(folder.path)/b.md"]
        let bits = try TaskCatalogue.kind("bits").task(settings)
        #expect(bits.items.map(\.group) == ["en", "zh"] && bits.chance == nil)
        let order = try TaskCatalogue.kind("sentence-order").task(settings)
        let item = try #require(context(order.items.first))
        #expect(item.choices.count == 2 && item.choices[0] != item.choices[1])
        #expect(sentences.contains(item.context + item.choices[item.answer]))
    }

    @Test func poemsGoOn() throws {
        let folder = try TemporaryFolder()
        let poems = ["床前明月光，疑是地上霜。", "白日依山尽，黄河入海流。", "春眠不觉晓，处处闻啼鸟。", "红豆生南国，春来发几枝。", "短句，不用。"]
        try folder.write(poems.map { "{\"text\":\"\($0)\\n后面。\"}\n" }.joined(), to: "poems.jsonl")
        let task = try TaskCatalogue.kind("poem-cloze").task(TaskSettings(folders: [folder.path]))
        #expect(task.items.count == 4)
        let item = try #require(context(task.items.first))
        #expect(item.context == "床前明月光，" && item.choices[item.answer] == "疑是地上霜" && item.choices.count == 4)
    }

    @Test(arguments: [
        ("One two three.", AnswerRule.words(1...3), true), ("One two three four.", .words(1...3), false),
        ("春天来了", .words(4...4), true), ("用 Swift 写", .words(3...3), true),
        ("A. B! C?", .sentences(3...3), true), ("1. a\n2. b", .listItems(2...2), true),
        ("a\nb", .listItems(2...2), false),
        ("```json\n{\"a\": 1}\n```", .isJSON(keys: ["a"]), true), ("{\"a\": 1}", .isJSON(keys: ["b"]), false),
        ("A Lantern.", .contains("lantern"), true), ("It is.", .lacks(" is "), true), ("这是", .lacks("是"), false),
        ("你好，world", .isChinese, false), ("你好，世界", .isChinese, true), ("Hello", .isEnglish, true),
        ("ABC 1!", .isUppercase, true), ("abc", .isUppercase, false), ("", .lacks("x"), false),
        (" The end. ", .ends("The end."), true),
    ])
    func rules(answer: String, rule: AnswerRule, isKept: Bool) {
        #expect(rule.isKept(by: answer) == isKept)
    }
}
