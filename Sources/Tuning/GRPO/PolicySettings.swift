import Training

/// What GRPO is told, with what is left out filled in.
struct PolicySettings {
    let tasksPerStep: Int
    let answersPerTask: Int
    let answerTokensMax: Int
    let temperature: Double
    let beta: Double
    let standardizes: Bool
    let validationTasksMax: Int

    init(_ settings: ObjectiveSettings) {
        tasksPerStep = settings.groupsPerStep ?? ObjectiveSettings.tasksPerStep
        answersPerTask = settings.answersPerTask ?? ObjectiveSettings.answersPerTask
        answerTokensMax = settings.answerTokensMax ?? ObjectiveSettings.answerTokensMax
        temperature = settings.temperature ?? 1
        beta = settings.beta ?? 0
        standardizes = settings.standardizes ?? true
        validationTasksMax = settings.validationTasksMax ?? ObjectiveSettings.validationTasksMax
    }
}
