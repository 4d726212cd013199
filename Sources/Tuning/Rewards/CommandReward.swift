import Evaluation
import Foundation
import JSON

/// What a user's own command says, run in the sandbox of `danlu eval`: prompt and answer on its standard input as one
/// JSON object, the reward the last line that it prints.
///
///     {"type": "command", "run": "python3 judge.py", "files": {"judge.py": "import json, sys\n…"}}
///
///     stdin     {"prompt": [{"role": "user", "content": "…"}], "answer": "…"}
///     stdout    0.75
///
/// A command that fails, prints no number or takes too long gives no value.
struct CommandReward: Reward {
    private let command: String
    private let files: [(name: String, text: String)]
    private let sandbox: CodeSandbox
    let best: Double

    /// A reward beyond it is a mistake of the command.
    static let valueMax = 1e6

    init(command: String, files: [(name: String, text: String)], best: Double, sandbox: CodeSandbox) {
        (self.command, self.files, self.best, self.sandbox) = (command, files, best, sandbox)
    }

    func value(of answer: JudgedAnswer) throws(TuningError) -> Double? {
        let question: JSONValue = ["prompt": answer.prompt, "answer": .string(answer.text)]
        let task: JSONValue = [
            "run": .string(command), "input": .string(question.serialized()),
            "files": .object(JSONObject(files.map { (key: $0.name, value: .string($0.text)) })),
        ]
        let run: (outcome: CodeSandbox.Outcome, text: String)
        do { run = try sandbox.printed(by: Self.program(Array(task.serialized().utf8))) } catch {
            throw .noSandbox(reason: "\(error)")
        }
        guard run.outcome == .passed, let line = run.text.split(separator: "\n").last,
            let value = Double(line.trimmingCharacters(in: .whitespaces)), abs(value) <= Self.valueMax
        else { return nil }
        return value
    }

    /// Writes the files and runs the command. What it is given stands in the program as base64: no text can end it.
    private static func program(_ task: [UInt8]) -> String {
        """
        base64, json, subprocess, sys = map(__import__, "base64 json subprocess sys".split())
        task = json.loads(base64.b64decode("\(Data(task).base64EncodedString())"))
        for name, text in task["files"].items():
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(["/bin/sh", "-c", task["run"]], input=task["input"].encode(), capture_output=True)
        if done.returncode:
            sys.exit(f"exit {done.returncode}: {done.stderr[-500:]}")
        sys.stdout.write(done.stdout[-500:].decode(errors="replace"))
        """
    }
}
