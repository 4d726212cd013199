import Foundation

/// ARC, science questions for schools, whose choices are texts: lm-evaluation-harness's `arc_easy`, `arc_challenge`.
///
///     Question: {question}
///     Answer: {choice}
enum ArcTask {
    static let kinds = [("arc-easy", "Easy"), ("arc-challenge", "Challenge")].map { name, level in
        TaskKind(
            name: name, zh: "ARC-\(level)，科学选择题", en: "ARC-\(level), science questions",
            source: "ai2-public-datasets.s3.amazonaws.com/arc/ARC-V1-Feb2018.zip (CC BY-SA 4.0)", shots: 0
        ) { settings, kind in
            let file = "ARC-\(level)-Test.jsonl"
            let path = try settings.find(
                ["ARC-\(level)/\(file)", "arc/\(file)", file, "ARC-V1-Feb2018-2/ARC-\(level)/\(file)"], task: name,
                source: kind.source)
            let shots = kind.shots(settings)
            var head = ""
            if shots > 0 {
                let train = (path as NSString).deletingLastPathComponent + "/ARC-\(level)-Train.jsonl"
                var generator = settings.generator(name + " shots")
                let examples = generator.sample(shots, of: try read(train))
                head = examples.map { "\(prompt($0.question)) \($0.choices[$0.answer])\n\n" }.joined()
            }
            let items = settings.limited(try read(path), name).map { row in
                EvaluationItem(
                    id: row.id,
                    work: .choice(
                        context: head + prompt(row.question), delimiter: " ", choices: row.choices, answer: row.answer))
            }
            return EvaluationTask(name: name, metric: .accuracy, items: items, shots: shots)
        }
    }

    private struct Row {
        var id: String
        var question: String
        var choices: [String]
        var answer: Int
    }

    private static func prompt(_ question: String) -> String { "Question: \(question)\nAnswer:" }

    private static func read(_ path: String) throws -> [Row] {
        try DataFile.jsonLines(path).map { line, value in
            func bad(_ reason: String) -> EvaluationError { .badData(file: path, line: line, reason: reason) }
            guard let question = value["question"], let choices = question["choices"]?.array,
                (2...EvaluationLimits.choicesMax).contains(choices.count)
            else { throw bad("field “question.choices”: expected a list of choices") }
            let key = try value.text("answerKey", path, line)
            guard let answer = choices.firstIndex(where: { $0["label"]?.string == key }) else {
                throw bad("the answer “\(key)” is none of the choices")
            }
            return Row(
                id: value["id"]?.string ?? "\(line)", question: try question.text("stem", path, line),
                choices: try choices.map { try $0.text("text", path, line) }, answer: answer)
        }
    }
}
