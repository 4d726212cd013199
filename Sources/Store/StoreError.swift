import GRDB

/// Why the store did not do what was asked. Nothing was changed.
public enum StoreError: Error, CustomStringConvertible, Equatable {
    case cannotOpen(path: String, reason: String)
    case fromNewerVersion(path: String)
    case diskFull(path: String)
    case readOnly(path: String)
    /// Another program has held the database for longer than `StoreLimits.busySecondsMax`.
    case busy(path: String)
    case failed(path: String, reason: String)
    case notFound(what: String, id: String)
    case tooLarge(field: String, size: Int, limit: Int)
    case invalid(field: String, expected: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "cannot open the database \(path): \(reason)"
        case .fromNewerVersion(let path):
            "the database \(path) was made by a newer version of Danlu; update, or choose another DANLU_HOME"
        case .diskFull(let path): "the disk of \(path) is full; make room and try again"
        case .readOnly(let path): "\(path) may not be written; check its permissions and those of its folder"
        case .busy(let path): "another program holds \(path); close it and try again"
        case .failed(let path, let reason): "the database \(path) failed: \(reason)"
        case .notFound(let what, let id): "no \(what) with the id \(id.prefix(64))"
        case .tooLarge(let field, let size, let limit): "\(field) is \(size) long, the limit is \(limit)"
        case .invalid(let field, let expected): "\(field) is not valid: expected \(expected)"
        }
    }

    init(opening path: String, _ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_BUSY: self.init(using: path, error)
        case .SQLITE_NOTADB: self = .cannotOpen(path: path, reason: "it is no SQLite database")
        default: self = .cannotOpen(path: path, reason: Self.reason(of: error))
        }
    }

    init(using path: String, _ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_READONLY: self = .readOnly(path: path)
        case .SQLITE_BUSY: self = .busy(path: path)
        default: self = .failed(path: path, reason: Self.reason(of: error))
        }
    }

    /// Without the statement and its arguments: they hold what users wrote.
    private static func reason(of error: DatabaseError) -> String {
        error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    }
}
