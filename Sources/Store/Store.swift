import Foundation
import GRDB

/// Everything that users made: conversations, messages, ratings and keys, in one SQLite file.
///
///     let store = try Store(path: "/home/me/.local/share/danlu/danlu.sqlite")
///     let conversation = try await store.createConversation(NewConversation(model: "qwen2.5-coder-1.5b-instruct"))
///
/// Each call is one transaction: when it returns, what it wrote survives `kill -9` and a power cut
/// (write-ahead log, `synchronous=FULL`). Opening marks answers that a crash cut off as interrupted.
/// Errors are `StoreError`.
public final class Store: Sendable {
    let database: DatabasePool
    /// Injected so that tests repeat: the time in Unix milliseconds, and a fresh identifier.
    let now: @Sendable () -> Int64
    let makeID: @Sendable () -> String

    public init(
        path: String,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) },
        makeID: @escaping @Sendable () -> String = { Store.timeOrderedID() }
    ) throws {
        self.now = now
        self.makeID = makeID
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(StoreLimits.busySecondsMax)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        do {
            database = try DatabasePool(path: path, configuration: configuration)
            try Schema.migrator.migrate(database)
            try database.write { database in
                try database.execute(
                    sql: "UPDATE message SET status = ? WHERE status = ?",
                    arguments: [MessageStatus.interrupted.rawValue, MessageStatus.streaming.rawValue])
            }
        } catch let error as DatabaseError {
            throw StoreError.cannotOpen(path: path, reason: error.message ?? "SQLite error \(error.resultCode)")
        }
    }

    /// 128 bits as 32 hexadecimal digits: 48 of time, so that rows made together lie together, and 80 of chance.
    public static func timeOrderedID() -> String {
        let time = UInt64(Date().timeIntervalSince1970 * 1000) & 0xFFFF_FFFF_FFFF
        let chance = (UInt64.random(in: 0...UInt64.max), UInt16.random(in: 0...UInt16.max))
        return hexadecimal(time, digits: 12) + hexadecimal(UInt64(chance.1), digits: 4)
            + hexadecimal(chance.0, digits: 16)
    }

    private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Copies the write-ahead log into the file and closes it.
    public func close() throws { try database.close() }
}

/// Bounds on what the store keeps and hands out at once.
public enum StoreLimits {
    public static let busySecondsMax = 10.0
    public static let titleCharactersMax = 200
    public static let contentBytesMax = 4 << 20
    public static let commentCharactersMax = 2000
    public static let pageRowsMax = 500
    public static let searchTermsMax = 16
}

public enum StoreError: Error, CustomStringConvertible, Equatable {
    case cannotOpen(path: String, reason: String)
    case notFound(what: String, id: String)
    case tooLarge(field: String, size: Int, limit: Int)
    case invalid(field: String, expected: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "cannot open the database \(path): \(reason)"
        case .notFound(let what, let id): "no \(what) with the id \(id.prefix(64))"
        case .tooLarge(let field, let size, let limit): "\(field) is \(size) long, the limit is \(limit)"
        case .invalid(let field, let expected): "\(field) is not valid: expected \(expected)"
        }
    }
}
