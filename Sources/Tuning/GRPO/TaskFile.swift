import Foundation
import Instructions
import JSON
import Training

/// The tasks of a run as its folder keeps them: what answers are judged by, a line for each document of its examples.
///
///     {"source": "sums.jsonl:12", "prompt": [{"role": "user", "content": "17 + 25"}], "reward": {"type": "number", …}}
///
/// Going on with a run needs neither its data nor the files that rewards name.
package struct TaskFile {
    package struct Task: Sendable {
        let source: SourceLine
        /// The conversation, for commands that judge.
        let prompt: JSONValue
        let reward: any Reward
    }

    package let tasks: [Task]
    package let bytes: [UInt8]

    /// - Parameter examples: tasks; each becomes one.
    /// - Throws: `TuningError.reward` for a specification that is not understood, `.noSandbox`.
    package init(_ examples: [InstructionExample]) throws(TuningError) {
        var lines: [UInt8] = []
        for example in examples {
            guard case .task(let reward) = example.lesson else { preconditionFailure("\(example.source) is no task") }
            let line: JSONValue = [
                "source": .string("\(example.source)"), "prompt": example.json["prompt"] ?? .null,
                "reward": try RewardReader.standalone(reward, at: example.source),
            ]
            lines += Array(line.serialized().utf8) + [0x0A]
        }
        try self.init(bytes: lines)
    }

    /// Of a run's file.
    package init(bytes: [UInt8]) throws(TuningError) {
        var reader = RewardReader()
        var tasks: [Task] = []
        for line in bytes.split(separator: 0x0A) {
            guard let value = try? JSONValue(parsing: line) else {
                throw .noTasks(path: RunFolder.tasksName, reason: "line \(tasks.count + 1) is not JSON")
            }
            let source = Self.source(value["source"]?.string ?? "")
            tasks.append(
                Task(
                    source: source, prompt: value["prompt"] ?? .null,
                    reward: try reader.read(value["reward"] ?? .null, at: source)))
        }
        (self.tasks, self.bytes) = (tasks, bytes)
    }

    private static func source(_ text: String) -> SourceLine {
        guard let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]) else {
            return SourceLine(file: text, line: 0)
        }
        return SourceLine(file: String(text[..<colon]), line: line)
    }
}
