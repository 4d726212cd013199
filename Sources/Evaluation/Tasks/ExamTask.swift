import Foundation

/// Examinations in four choices: C-Eval, CMMLU and MMLU, from the folders that their makers publish, in the prompt of
/// lm-evaluation-harness 0.4.13 (tasks `ceval-valid`, `cmmlu`, `mmlu`).
///
///     {first line with the subject}
///
///     {question}
///     A. {a}
///     …
///     答案：
///
/// Examples are the first ones of the subject's `dev` file; they end with their letter and an empty line.
struct ExamTask: Sendable {
    var name: String
    var title: String
    var folders: [String]
    /// The folder of the questions, and how their files end.
    var split: String
    var ending: String
    var devEnding: String
    /// Columns of the question; four choices and the answer follow it.
    var questionColumn: Int
    var hasHeader: Bool
    var answerWord: String
    var source: String
    var heading: @Sendable (_ subject: String) -> String

    static let kinds = [ceval, cmmlu, mmlu].map { exam in
        TaskKind(
            name: exam.name, zh: "\(exam.title)，四选一", en: "\(exam.title), one of four", source: exam.source, shots: 5
        ) { try exam.task($0, $1) }
    }

    private static let ceval = ExamTask(
        name: "ceval", title: "C-Eval (val)", folders: ["ceval", "ceval-exam", "C-Eval"], split: "val",
        ending: "_val.csv", devEnding: "_dev.csv", questionColumn: 1, hasHeader: true, answerWord: "答案：",
        source: "huggingface.co/datasets/ceval/ceval-exam (CC BY-NC-SA 4.0)"
    ) { "以下是中国关于\(SubjectNames.ceval[$0] ?? $0)的单项选择题，请选出其中的正确答案。\n\n" }

    private static let cmmlu = ExamTask(
        name: "cmmlu", title: "CMMLU (test)", folders: ["cmmlu", "CMMLU", "CMMLU/data"], split: "test",
        ending: ".csv", devEnding: ".csv", questionColumn: 1, hasHeader: true, answerWord: "答案：",
        source: "github.com/haonan-li/CMMLU (CC BY-NC-SA 4.0)"
    ) { "以下是关于\(SubjectNames.cmmlu[$0] ?? $0)的单项选择题，请直接给出正确答案的选项。\n\n" }

    private static let mmlu = ExamTask(
        name: "mmlu", title: "MMLU (test)", folders: ["mmlu", "MMLU", "mmlu/data"], split: "test",
        ending: "_test.csv", devEnding: "_dev.csv", questionColumn: 0, hasHeader: false, answerWord: "Answer:",
        source: "people.eecs.berkeley.edu/~hendrycks/data.tar (MIT)"
    ) {
        let subject = $0.replacing("_", with: " ")
        return "The following are multiple choice questions (with answers) about \(subject).\n\n"
    }

    struct Row: Sendable {
        var subject: String
        var line: Int
        var question: String
        var choices: [String]
        var answer: Int
    }

    private static let letters = ["A", "B", "C", "D"]

    private func task(_ settings: TaskSettings, _ kind: TaskKind) throws -> EvaluationTask {
        let folder = try settings.find(folders.map { "\($0)/\(split)" }, task: name, source: source)
        let base = (folder as NSString).deletingLastPathComponent
        var rows: [Row] = []
        for file in DataFile.names(in: folder, ending: ending) {
            rows += try read("\(folder)/\(file)", subject: String(file.dropLast(ending.count)))
        }
        let shots = kind.shots(settings)
        var heads: [String: String] = [:]
        let items = try settings.limited(rows, name).map { row in
            if heads[row.subject] == nil { heads[row.subject] = try head(row.subject, base, shots) }
            let context = (heads[row.subject] ?? "") + prompt(row)
            return EvaluationItem(
                id: "\(row.subject)/\(row.line)", group: row.subject,
                work: .choice(context: context, delimiter: " ", choices: Self.letters, answer: row.answer))
        }
        return EvaluationTask(name: name, metric: .accuracy, items: items, shots: shots)
    }

    /// What stands before the questions of a subject.
    private func head(_ subject: String, _ base: String, _ shots: Int) throws -> String {
        guard shots > 0 else { return heading(subject) }
        let examples = try read("\(base)/dev/\(subject)\(devEnding)", subject: subject).prefix(shots)
        return heading(subject)
            + examples.map { "\(prompt($0)) \(Self.letters[$0.answer])\n\n" }.joined()
    }

    private func prompt(_ row: Row) -> String {
        let choices = zip(Self.letters, row.choices).map { "\($0). \($1)\n" }.joined()
        return "\(row.question)\n\(choices)\(answerWord)"
    }

    private func read(_ path: String, subject: String) throws(EvaluationError) -> [Row] {
        var found: [Row] = []
        for (line, fields) in try DataFile.csv(path).dropFirst(hasHeader ? 1 : 0) {
            guard fields.count > questionColumn + 5 else {
                throw .badData(
                    file: path, line: line, reason: "expected \(questionColumn + 6) columns, found \(fields.count)")
            }
            let answer = fields[questionColumn + 5].trimmingCharacters(in: .whitespaces).uppercased()
            guard let place = Self.letters.firstIndex(of: answer) else {
                throw .badData(file: path, line: line, reason: "the answer is “\(answer)”, expected A, B, C or D")
            }
            found.append(
                Row(
                    subject: subject, line: line,
                    question: fields[questionColumn].trimmingCharacters(in: .whitespacesAndNewlines),
                    choices: Array(fields[(questionColumn + 1)...(questionColumn + 4)]), answer: place))
        }
        return found
    }
}
