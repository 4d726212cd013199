/// A task that can be asked for by its name.
package struct TaskKind: Sendable {
    package let name: String
    package let zh: String
    package let en: String
    /// Where the questions come from, and under which licence.
    package let source: String
    /// Examples before each question where nobody says how many.
    package let shots: Int
    let make: @Sendable (TaskSettings, TaskKind) throws -> EvaluationTask

    /// The questions.
    ///
    /// - Throws: `EvaluationError`.
    package func task(_ settings: TaskSettings) throws -> EvaluationTask {
        let task = try make(settings, self)
        guard !task.items.isEmpty else {
            throw EvaluationError.invalidSetting(name: name, expected: "one item at least", actual: "none")
        }
        return task
    }

    func shots(_ settings: TaskSettings) -> Int { min(settings.shots ?? shots, EvaluationLimits.shotsMax) }
}

/// All tasks.
package enum TaskCatalogue {
    package static let kinds: [TaskKind] =
        [BitsTask.kind] + ExamTask.kinds + ArcTask.kinds + [GSM8KTask.kind, HumanEvalTask.kind, InstructionTask.kind]
        + SmallTask.kinds + ClozeTask.kinds + [OpenTask.kind]

    /// A task by its name, or one of a file of choices.
    ///
    /// - Throws: `EvaluationError.noTask`.
    package static func kind(_ name: String) throws(EvaluationError) -> TaskKind {
        if let kind = kinds.first(where: { $0.name == name }) { return kind }
        if name.hasSuffix(".jsonl") || name.hasSuffix(".jsonl.gz") { return FileTask.kind(name) }
        throw .noTask(name: name, known: kinds.map(\.name))
    }
}
