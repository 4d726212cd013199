/// Why sorted files could not be written or read. Every case says which file and what to do.
package enum SortingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused.
    case cannot(operation: String, path: String, reason: String)
    /// The file is not what it should be: cut off, changed, or of another kind.
    case damaged(path: String, field: String, expected: String, actual: String)
    /// More of something than the file format or a limit holds.
    case tooMany(operation: String, limit: Int, unit: String)

    package var description: String {
        switch self {
        case .cannot(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .damaged(let path, let field, let expected, let actual):
            "\(path): \(field) should be \(expected), found \(actual); the file is damaged or of another kind, make it "
                + "again"
        case .tooMany(let operation, let limit, let unit):
            "\(operation): more than \(limit) \(unit); divide the input"
        }
    }
}
