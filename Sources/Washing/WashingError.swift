import Corpus

/// Why washing cannot go on. Every case says what was expected, what was found and what to do.
package enum WashingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A recipe that cannot be followed.
    case recipe(file: String, line: Int, reason: String)
    /// Neither a shipped recipe nor a file.
    case noRecipe(name: String, shipped: [String])
    /// The system refused.
    case file(operation: String, path: String, reason: String)
    /// A file of ours that is not as we wrote it.
    case damaged(path: String, expected: String, actual: String)
    /// The output folder holds the washing of other text, or by another recipe.
    case otherWashing(folder: String, difference: String)
    /// The output cannot go there.
    case output(folder: String, reason: String)
    /// A step's needs are not met.
    case step(name: String, reason: String)
    /// The text itself.
    case corpus(CorpusError)

    package var description: String {
        switch self {
        case .recipe(let file, let line, let reason): "\(file)\(line > 0 ? ", line \(line)" : ""): \(reason)"
        case .noRecipe(let name, let shipped):
            "there is no recipe \(name): name a file, or one of \(shipped.joined(separator: ", "))"
        case .file(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .damaged(let path, let expected, let actual):
            "\(path) is damaged: expected \(expected), found \(actual); remove it and run again"
        case .otherWashing(let folder, let difference):
            "\(folder) holds another washing (\(difference)); name another --output, or remove that folder"
        case .output(let folder, let reason): "cannot wash into \(folder): \(reason); name another --output"
        case .step(let name, let reason): "step \(name): \(reason)"
        case .corpus(let error): "\(error)"
        }
    }
}
