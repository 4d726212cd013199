import JSON

/// Something that happened in a run: a line of its log.
package enum RunEvent: Equatable, Sendable {
    package struct Step: Equatable, Sendable {
        /// Steps done, this one included.
        package var step: Int
        /// Nats a token.
        package var loss: Double
        /// Trained on since the run began.
        package var tokens: Int
        package var tokensPerSecond: Double
        package var learningRate: Double
        /// Before clipping.
        package var gradientNorm: Double
        /// Of training, since the run began.
        package var seconds: Double
        /// What else the stage measures: `LessonResult.measures`.
        package var measures: [String: Double] = [:]
    }

    package struct Validation: Equatable, Sendable {
        package var step: Int
        /// By language ("zh", "en"), and "all".
        package var bitsPerByte: [String: Double]
        /// Nats a token.
        package var loss: [String: Double]
        package var seconds: Double
        package var measures: [String: Double] = [:]

        package init(
            step: Int, bitsPerByte: [String: Double], loss: [String: Double], seconds: Double,
            measures: [String: Double] = [:]
        ) {
            (self.step, self.bitsPerByte, self.loss) = (step, bitsPerByte, loss)
            (self.seconds, self.measures) = (seconds, measures)
        }
    }

    /// Something about what is learnt that a user should know.
    package struct Notice: Equatable, Sendable {
        /// A word for it: "length".
        package var kind: String
        package var step: Int
        /// What was seen, in Chinese and English.
        package var text: String

        package init(kind: String, step: Int, text: String) {
            self.kind = kind
            self.step = step
            self.text = text
        }
    }

    /// What is computed once, before the first step; not logged.
    case preparing(PreparationProgress)
    case noticed(Notice)

    case begun(step: Int, steps: Int, parameters: Int, threads: Int, version: String)
    case step(Step)
    case skipped(step: Int, reason: String, loss: Double, gradientNorm: Double)
    case rolledBack(from: Int, to: Int, reason: String)
    case validation(Validation)
    case sample(step: Int, prompt: String, text: String)
    case saved(step: Int, bytes: Int, seconds: Double, waitedSeconds: Double)
    case saveFailed(step: Int, reason: String)
    /// A checkpoint was damaged and an older one taken.
    case rejected(path: String, reason: String)
    /// The run goes on from an earlier step with another length.
    case extended(from: Int, steps: Int)
    case ended(step: Int, isFinished: Bool)

    /// The line in the log, without its time.
    package var json: JSONObject {
        switch self {
        case .preparing(let progress):
            ["event": "preparing", "done": .int(progress.done), "total": .int(progress.total)]
        case .noticed(let notice):
            [
                "event": "notice", "step": .int(notice.step), "kind": .string(notice.kind),
                "text": .string(notice.text),
            ]
        case .begun(let step, let steps, let parameters, let threads, let version):
            [
                "event": "begin", "step": .int(step), "steps": .int(steps), "parameters": .int(parameters),
                "threads": .int(threads), "version": .string(version),
            ]
        case .step(let step): step.json
        case .skipped(let step, let reason, let loss, let norm):
            [
                "event": "skip", "step": .int(step), "reason": .string(reason), "loss": .double(loss),
                "gradient_norm": .double(norm),
            ]
        case .rolledBack(let from, let to, let reason):
            ["event": "rollback", "step": .int(from), "to": .int(to), "reason": .string(reason)]
        case .validation(let validation): validation.json
        case .sample(let step, let prompt, let text):
            ["event": "sample", "step": .int(step), "prompt": .string(prompt), "text": .string(text)]
        case .saved(let step, let bytes, let seconds, let waited):
            [
                "event": "save", "step": .int(step), "bytes": .int(bytes), "seconds": .double(seconds),
                "waited_seconds": .double(waited),
            ]
        case .saveFailed(let step, let reason):
            ["event": "save_failed", "step": .int(step), "reason": .string(reason)]
        case .rejected(let path, let reason):
            ["event": "rejected", "path": .string(path), "reason": .string(reason)]
        case .extended(let from, let steps): ["event": "extend", "step": .int(from), "steps": .int(steps)]
        case .ended(let step, let isFinished):
            ["event": "end", "step": .int(step), "finished": .bool(isFinished)]
        }
    }
}

extension RunEvent.Step {
    package var json: JSONObject {
        let object: JSONObject = [
            "event": "step", "step": .int(step), "loss": .double(loss), "tokens": .int(tokens),
            "tokens_per_second": .double(tokensPerSecond), "learning_rate": .double(learningRate),
            "gradient_norm": .double(gradientNorm), "seconds": .double(seconds),
        ]
        return object.adding(measures)
    }
}

extension RunEvent.Validation {
    package var json: JSONObject {
        func object(_ values: [String: Double]) -> JSONValue {
            .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .double($0.value)) }))
        }
        let line: JSONObject = [
            "event": "validation", "step": .int(step), "bits_per_byte": object(bitsPerByte), "loss": object(loss),
            "seconds": .double(seconds),
        ]
        return line.adding(measures)
    }
}

extension JSONObject {
    fileprivate func adding(_ measures: [String: Double]) -> JSONObject {
        var object = self
        for (name, value) in measures.sorted(by: { $0.key < $1.key }) { object[name] = .double(value) }
        return object
    }
}
