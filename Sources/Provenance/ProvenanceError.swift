import Corpus
import Sorting

/// Why a corpus cannot be indexed or asked. Every case says what was expected, what was found and what to do.
package enum ProvenanceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused.
    case file(operation: String, path: String, reason: String)
    /// A file of an index is not what its manifest says.
    case damaged(path: String, field: String, expected: String, actual: String)
    /// A folder that holds no finished index.
    case noIndex(path: String, reason: String)
    /// Something is where the index should go.
    case exists(path: String)
    case tokenizer(path: String, reason: String)
    /// What is searched for cannot be.
    case pattern(text: String, reason: String)
    case tooMany(operation: String, limit: Int, unit: String)
    case corpus(CorpusError)

    init(_ error: SortingError) {
        switch error {
        case .cannot(let operation, let path, let reason):
            self = .file(operation: operation, path: path, reason: reason)
        case .damaged(let path, let field, let expected, let actual):
            self = .damaged(path: path, field: field, expected: expected, actual: actual)
        case .tooMany(let operation, let limit, let unit):
            self = .tooMany(operation: operation, limit: limit, unit: unit)
        }
    }

    package var description: String {
        switch self {
        case .file(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .damaged(let path, let field, let expected, let actual):
            "\(path): \(field) should be \(expected), found \(actual); index the corpus again"
        case .noIndex(let path, let reason):
            "\(path) holds no finished index (\(reason)); make one with danlu index-corpus"
        case .exists(let path): "\(path) is there already; name another --output, or add --overwrite"
        case .tokenizer(let path, let reason): "the tokenizer in \(path) cannot be used: \(reason)"
        case .pattern(let text, let reason): "“\(text)” cannot be searched for: \(reason)"
        case .tooMany(let operation, let limit, let unit): "\(operation): more than \(limit) \(unit); divide the corpus"
        case .corpus(let error): "\(error)"
        }
    }
}
