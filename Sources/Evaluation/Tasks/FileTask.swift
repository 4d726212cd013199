import Dialogue
import Foundation
import JSON

/// Questions from one's own file, a line each. Choices, of which the most probable after the question and a space
/// counts as the answer (`"delimiter": ""` leaves the space away, as texts of Chinese want it):
///
///     {"question": "天上有几个太阳？", "choices": ["一个", "两个"], "answer": 0}
///
/// or what the model is asked in its chat template, and what must be true of the answer (`AnswerRule.read`):
///
///     {"question": "你是谁？", "rules": {"contains": "丹青", "lacks": "Qwen"}, "group": "zh"}
enum FileTask {
    static func kind(_ path: String) -> TaskKind {
        TaskKind(
            name: (path as NSString).lastPathComponent.replacing(".gz", with: "").replacing(".jsonl", with: ""),
            zh: "自己的题", en: "one's own questions", source: path, shots: 0
        ) { settings, kind in
            let rows = try DataFile.jsonLines(path)
            let isAsked = rows.first?.value["rules"] != nil
            let items = try settings.limited(rows, kind.name).map { line, value in
                guard (value["rules"] != nil) == isAsked else {
                    throw EvaluationError.badData(
                        file: path, line: line,
                        reason: "expected \(isAsked ? "“rules”" : "“choices”"), as the first line has; make two files")
                }
                return EvaluationItem(
                    id: "\(line)", group: value["group"]?.string ?? "",
                    work: try isAsked ? answer(value, path, line) : choice(value, path, line))
            }
            return EvaluationTask(name: kind.name, metric: isAsked ? .followed : .accuracy, items: items)
        }
    }

    private static func choice(
        _ value: JSONValue, _ path: String, _ line: Int
    ) throws(EvaluationError) -> EvaluationItem.Work {
        let choices = value["choices"]?.array?.compactMap(\.string) ?? []
        guard choices.count == value["choices"]?.array?.count, (2...EvaluationLimits.choicesMax).contains(choices.count)
        else {
            throw .badData(file: path, line: line, reason: "field “choices”: expected a list of two texts or more")
        }
        guard let answer = value["answer"]?.int, choices.indices.contains(answer) else {
            throw .badData(
                file: path, line: line,
                reason: "field “answer”: expected the place of the right choice, 0…\(choices.count - 1)")
        }
        return .choice(
            context: try value.text("question", path, line), delimiter: value["delimiter"]?.string ?? " ",
            choices: choices, answer: answer)
    }

    private static func answer(
        _ value: JSONValue, _ path: String, _ line: Int
    ) throws(EvaluationError) -> EvaluationItem.Work {
        var messages = [Message(role: .user, content: try value.text("question", path, line))]
        if value["system"] != nil {
            messages.insert(Message(role: .system, content: try value.text("system", path, line)), at: 0)
        }
        let tokensMax = value["tokens"]?.int ?? tokensMax
        guard (1...EvaluationLimits.answerTokensMax).contains(tokensMax) else {
            throw .badData(
                file: path, line: line, reason: "field “tokens”: expected 1…\(EvaluationLimits.answerTokensMax)")
        }
        let rules: [AnswerRule]
        do { rules = try AnswerRule.read(value["rules"] ?? .null) } catch {
            throw .badData(file: path, line: line, reason: error.reason)
        }
        return .generation(.chat(messages), tokensMax: tokensMax, stops: [], check: .rules(rules))
    }

    private static let tokensMax = 384
}
