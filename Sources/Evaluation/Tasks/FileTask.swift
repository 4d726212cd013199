import Foundation

/// Choices from one's own file, a line each:
///
///     {"question": "天上有几个太阳？", "choices": ["一个", "两个"], "answer": 0}
///
/// The most probable choice after the question and a space counts as the answer; `"delimiter": ""` leaves the space
/// away, as texts of Chinese want it.
enum FileTask {
    static func kind(_ path: String) -> TaskKind {
        TaskKind(
            name: (path as NSString).lastPathComponent.replacing(".gz", with: "").replacing(".jsonl", with: ""),
            zh: "自己的选择题", en: "one's own choices", source: path, shots: 0
        ) { settings, kind in
            let rows = try DataFile.jsonLines(path)
            let items = try settings.limited(rows, kind.name).map { line, value in
                let choices = value["choices"]?.array?.compactMap(\.string) ?? []
                guard choices.count == value["choices"]?.array?.count,
                    (2...EvaluationLimits.choicesMax).contains(choices.count)
                else {
                    throw EvaluationError.badData(
                        file: path, line: line, reason: "field “choices”: expected a list of two texts or more")
                }
                guard let answer = value["answer"]?.int, choices.indices.contains(answer) else {
                    throw EvaluationError.badData(
                        file: path, line: line,
                        reason: "field “answer”: expected the place of the right choice, 0…\(choices.count - 1)")
                }
                return EvaluationItem(
                    id: "\(line)",
                    work: .choice(
                        context: try value.text("question", path, line), delimiter: value["delimiter"]?.string ?? " ",
                        choices: choices, answer: answer))
            }
            return EvaluationTask(name: kind.name, metric: .accuracy, items: items)
        }
    }
}
