import Dialogue

extension Runner {
    /// What a model wrote to one of many questions.
    package enum Written: Sendable, Equatable {
        case answer(GeneratedText)
        /// It could not be asked: too long for the context, for instance.
        case fault(reason: String)
    }

    /// Lets the model answer questions, several at once, in their order; answers that the log has are not asked for
    /// again. Cancelling the task that runs it ends it at once.
    ///
    /// - Throws: what the model or the log throws; `CancellationError`.
    package func answers(
        to questions: [[Message]], tokensMax: Int, progress: (RunnerProgress) -> Void = { _ in }
    ) async throws -> [Written] {
        var written = [Written?](repeating: nil, count: questions.count)
        var state = RunnerProgress(task: "", items: questions.count)
        progress(state)
        try await withThrowingTaskGroup(of: (Int, Written, Bool).self) { group in
            var next = 0
            func start() {
                guard next < questions.count else { return }
                let (place, messages) = (next, questions[next])
                next += 1
                group.addTask {
                    let asked = AskedCount()
                    let question = Question.answer(.chat(messages), tokensMax: tokensMax, stops: [])
                    do {
                        guard case .text(let text) = try await ask(question, asked) else {
                            return (place, .fault(reason: "no text"), asked.value > 0)
                        }
                        return (place, .answer(text), asked.value > 0)
                    } catch let error as QuestionFault {
                        return (place, .fault(reason: error.reason), asked.value > 0)
                    }
                }
            }
            for _ in 0..<parallelMax { start() }
            while let (place, answer, isNew) = try await group.next() {
                written[place] = answer
                state.done += 1
                state.asked += isNew ? 1 : 0
                progress(state)
                start()
            }
        }
        return written.compactMap(\.self)
    }
}
