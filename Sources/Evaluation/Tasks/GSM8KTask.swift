import Foundation

/// Word problems of school mathematics, worked through in words: lm-evaluation-harness's `gsm8k` with eight examples
/// and its "flexible-extract".
///
///     Question: {question}
///     Answer: {work}
///     #### {number}
enum GSM8KTask {
    static let kind = TaskKind(
        name: "gsm8k", zh: "小学数学应用题，写出解答", en: "word problems, worked through",
        source: "github.com/openai/grade-school-math (MIT)", shots: 8
    ) { settings, kind in
        let path = try settings.find(
            ["gsm8k-test.jsonl.gz", "gsm8k/test.jsonl", "gsm8k-test.jsonl", "gsm8k/test.jsonl.gz"], task: "gsm8k",
            source: kind.source)
        let shots = kind.shots(settings)
        var head = ""
        if shots > 0 {
            let name = (path as NSString).lastPathComponent.replacing("test", with: "train")
            let train = (path as NSString).deletingLastPathComponent + "/" + name
            var generator = settings.generator("gsm8k shots")
            let examples = generator.sample(shots, of: try read(train))
            head = examples.map { "\(prompt($0.question)) \($0.answer)\n\n" }.joined()
        }
        let items = try settings.limited(read(path), "gsm8k").map { row in
            EvaluationItem(
                id: "\(row.line)",
                work: .generation(
                    .text(head + prompt(row.question)), tokensMax: tokensMax, stops: stops,
                    check: .lastNumber(try number(row, path))))
        }
        return EvaluationTask(name: "gsm8k", metric: .exactMatch, items: items, shots: shots)
    }

    private static let tokensMax = 256
    private static let stops = ["Question:", "</s>", "<|im_end|>"]

    private struct Row {
        var line: Int
        var question: String
        var answer: String
    }

    private static func prompt(_ question: String) -> String { "Question: \(question)\nAnswer:" }

    private static func number(_ row: Row, _ path: String) throws(EvaluationError) -> String {
        guard let mark = row.answer.range(of: "#### ", options: .backwards) else {
            throw .badData(file: path, line: row.line, reason: "the answer has no line “#### number”")
        }
        return String(row.answer[mark.upperBound...]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func read(_ path: String) throws -> [Row] {
        try DataFile.jsonLines(path).map { line, value in
            Row(
                line: line, question: try value.text("question", path, line),
                answer: try value.text("answer", path, line))
        }
    }
}
