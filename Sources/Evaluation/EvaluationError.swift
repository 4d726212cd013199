import Foundation

/// Why something cannot be judged. Every case says what, where, and what to do.
package enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No task has this name, and no file either.
    case noTask(name: String, known: [String])
    /// A task's data is in none of the folders.
    case noData(task: String, files: [String], folders: [String], source: String)
    /// A line that is not what the task's published form has.
    case badData(file: String, line: Int, reason: String)
    /// The system refused: a full disk, no permission.
    case file(operation: String, path: String, reason: String)
    /// A file that is not what `danlu eval` writes.
    case damaged(file: String, reason: String)
    case invalidSetting(name: String, expected: String, actual: String)
    /// Code cannot be run safely here.
    case noSandbox(reason: String)
    /// A judge that does not answer, or not as it was asked to.
    case judge(reason: String)

    package var description: String {
        switch self {
        case .noTask(let name, let known):
            "there is no task and no file \(name); tasks: \(known.joined(separator: ", "))"
        case .noData(let task, let files, let folders, let source):
            "\(task) needs \(files.joined(separator: " or ")) in \(folders.joined(separator: ", ")): get it from "
                + "\(source), and give its folder with --data"
        case .badData(let file, let line, let reason): "\(file):\(line): \(reason)"
        case .file(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .damaged(let file, let reason): "\(file) is no result of danlu eval: \(reason)"
        case .invalidSetting(let name, let expected, let actual): "\(name): expected \(expected), found \(actual)"
        case .noSandbox(let reason):
            "code written by a model is only run in a sandbox, and none can be made here: \(reason)"
        case .judge(let reason): "the judge: \(reason)"
        }
    }

    static func system(_ operation: String, _ path: String) -> EvaluationError {
        .file(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}
