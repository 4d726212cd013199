import Foundation

/// Asks a model the questions of tasks.
///
///     let runner = Runner(model: model, log: try AnswerLog(path: "answers.jsonl"))
///     let result = try await runner.run(task, seed: 1) { progress in … }
///
/// Several items are in the engine at once; the first goes alone, so that what all prompts begin with is read once.
/// Answers that the log has are not asked for again. Cancelling the task that runs it ends it at once; every answer
/// that came is in the log.
package struct Runner: Sendable {
    let model: any EvaluatedModel
    let log: AnswerLog?
    let sandbox: CodeSandbox?
    let parallelMax: Int
    /// Tokens of a piece of text whose bits are counted.
    let windowTokens: Int

    package init(
        model: any EvaluatedModel, log: AnswerLog? = nil, sandbox: CodeSandbox? = nil,
        parallelMax: Int = EvaluationLimits.parallelMax, windowTokens: Int = 512
    ) {
        self.model = model
        self.log = log
        self.sandbox = sandbox
        self.parallelMax = max(1, parallelMax)
        self.windowTokens = windowTokens
    }

    /// - Throws: what the model, the log or the sandbox throws; `CancellationError`.
    package func run(
        _ task: EvaluationTask, seed: UInt64, progress: (RunnerProgress) -> Void = { _ in }
    ) async throws -> TaskResult {
        let began = ContinuousClock.now
        let items = task.items
        var results = [ItemResult?](repeating: nil, count: items.count)
        var state = RunnerProgress(task: task.name, items: items.count)
        progress(state)
        try await withThrowingTaskGroup(of: (Int, ItemResult, Int).self) { group in
            var next = 0
            func start() {
                guard next < items.count else { return }
                let (place, item) = (next, items[next])
                next += 1
                group.addTask {
                    let asked = AskedCount()
                    return (place, try await result(of: item, asked), asked.value)
                }
            }
            start()
            while let (place, result, asked) = try await group.next() {
                results[place] = result
                state.done += 1
                state.asked += asked > 0 ? 1 : 0
                progress(state)
                while next - state.done < parallelMax, next < items.count { start() }
            }
        }
        return TaskResult(
            task, results.compactMap(\.self), seed: seed, seconds: began.duration(to: .now) / .seconds(1))
    }

    private func result(of item: EvaluationItem, _ asked: AskedCount) async throws -> ItemResult {
        do {
            switch item.work {
            case .choice(let context, let delimiter, let choices, let answer):
                return try await choose(item, context, choices.map { delimiter + $0 }, choices, answer, asked)
            case .bits(let text):
                guard case .bits(let bits) = try await ask(.bits(text: text, windowTokens: windowTokens), asked) else {
                    return unanswered(item, "no bits")
                }
                return ItemResult(id: item.id, group: item.group, score: bits.bits, weight: Double(bits.bytes))
            case .generation(let prompt, let tokensMax, let stops, let check):
                let question = Question.answer(prompt, tokensMax: tokensMax, stops: stops)
                guard case .text(let written) = try await ask(question, asked) else {
                    return unanswered(item, "no text")
                }
                return try await judge(item, written, check)
            }
        } catch let error as QuestionFault {
            return unanswered(item, error.reason)
        }
    }

    /// An item that cannot be asked counts as wrong, and is named.
    private func unanswered(_ item: EvaluationItem, _ reason: String) -> ItemResult {
        ItemResult(id: item.id, group: item.group, score: 0, fault: reason)
    }

    private func choose(
        _ item: EvaluationItem, _ context: String, _ continuations: [String], _ choices: [String], _ answer: Int,
        _ asked: AskedCount
    ) async throws -> ItemResult {
        var scores: [Double] = []
        // The first reads the context, the others find it read.
        for (place, continuation) in continuations.enumerated() where place == 0 {
            scores.append(try await logProbability(continuation, context, asked))
        }
        scores += try await withThrowingTaskGroup(of: (Int, Double).self) { group in
            for (place, continuation) in continuations.enumerated().dropFirst() {
                group.addTask { (place, try await logProbability(continuation, context, asked)) }
            }
            var found = [Double](repeating: 0, count: continuations.count)
            for try await (place, score) in group { found[place] = score }
            return Array(found.dropFirst())
        }
        // Python's length, which the harness divides by.
        let lengths = choices.map { Double(max(1, $0.unicodeScalars.count)) }
        let best = Self.best(scores)
        let normalised = Self.best(zip(scores, lengths).map { $0 / $1 })
        return ItemResult(
            id: item.id, group: item.group, score: best == answer ? 1 : 0, normalised: normalised == answer ? 1 : 0,
            answer: choices[best])
    }

    private func logProbability(_ continuation: String, _ context: String, _ asked: AskedCount) async throws -> Double {
        guard case .score(let score) = try await ask(.score(continuation: continuation, context: context), asked)
        else { throw QuestionFault(reason: "no score") }
        return score.logProbability
    }

    /// The first of the highest.
    private static func best(_ scores: [Double]) -> Int {
        scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    }

    func ask(_ question: Question, _ asked: AskedCount = AskedCount()) async throws -> Answer {
        let key = question.key(model.identity)
        if let known = await log?.answer(key) { return known }
        try Task.checkCancellation()
        asked.add()
        let answer: Answer
        do { answer = try await question.ask(model) } catch {
            try Task.checkCancellation()
            guard let fault = QuestionFault(error) else { throw error }
            throw fault
        }
        try await log?.keep(answer, as: key)
        return answer
    }
}
