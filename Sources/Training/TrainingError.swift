import Corpus
import Foundation
import Kernels
import Model
import Weights

/// Why something cannot be trained. Every case says where, what was expected and what was found.
package enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A shape of model that the trainer does not compute.
    case unsupported(field: String, expected: String, actual: String)
    case kernels(KernelsError)
    case corpus(CorpusError)
    case weights(WeightsError)
    case model(ModelError)
    /// The system refused: a full disk, no permission.
    case file(operation: String, path: String, reason: String)
    /// A checkpoint, a shard or a run's file that is not what was written.
    case damaged(file: String, expected: String, actual: String)
    case invalidSetting(name: String, expected: String, actual: String)
    /// There is nothing to learn from.
    case noDocuments(path: String, reason: String)
    /// Text, tokenizer or shape are not those that the run began with.
    case changed(what: String, path: String, expected: String, actual: String)
    case runExists(path: String)
    case noRun(path: String)
    case runIsBusy(path: String)
    /// Steps were skipped again and again, before and after going back.
    case diverged(step: Int, reason: String)
    /// What is learnt from could not be made: answers, or what they are worth.
    case lesson(reason: String)
    /// On request, before there was anything to save.
    case stopped

    package var description: String {
        switch self {
        case .unsupported(let field, let expected, let actual):
            "\(field): \(actual) cannot be trained; supported: \(expected)"
        case .kernels(let error): error.description
        case .corpus(let error): error.description
        case .weights(let error): error.description
        case .model(let error): error.description
        case .file(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .damaged(let file, let expected, let actual):
            "\(file) is damaged: expected \(expected), found \(actual)"
        case .invalidSetting(let name, let expected, let actual): "\(name): expected \(expected), found \(actual)"
        case .noDocuments(let path, let reason): "\(path) has nothing to learn from: \(reason)"
        case .changed(let what, let path, let expected, let actual):
            "\(what) of \(path) is not what the run began with: \(actual.prefix(12)) instead of "
                + "\(expected.prefix(12)); put the old one back, or begin a new run"
        case .runExists(let path):
            "\(path) holds a run already; go on with --resume \(path), or give another folder"
        case .noRun(let path): "\(path) holds no run: there is no config.json"
        case .runIsBusy(let path): "another program is training \(path); end it first"
        case .diverged(let step, let reason):
            "the run does not recover at step \(step): \(reason); lower the learning rate, or look at the data there"
        case .lesson(let reason): reason
        case .stopped: "stopped before the first step; nothing was trained"
        }
    }

    static func system(_ operation: String, _ path: String) -> TrainingError {
        .file(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}
