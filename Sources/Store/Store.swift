import Foundation
import GRDB

/// Everything that users made: conversations, messages, ratings and keys, in one SQLite file.
///
///     let store = try Store(path: "/home/me/.local/share/danlu/danlu.sqlite")
///     let conversation = try await store.createConversation(NewConversation(model: "qwen2.5-coder-1.5b-instruct"))
///
/// Each call is one transaction: when it returns, what it wrote survives `kill -9` and a power cut. That is
/// `synchronous=FULL` on a write-ahead log; NORMAL would survive `kill -9` only, and what FULL costs, one flush of the
/// disk a call, is little beside an answer of a model. Errors are `StoreError`.
public final class Store: Sendable {
    let database: DatabasePool
    let path: String
    /// Injected so that tests repeat: the time in Unix milliseconds, and a fresh identifier.
    let now: @Sendable () -> Int64
    let makeID: @Sendable () -> String

    public init(
        path: String,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) },
        makeID: @escaping @Sendable () -> String = { Store.timeOrderedID() }
    ) throws {
        self.path = path
        self.now = now
        self.makeID = makeID
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(StoreLimits.busySecondsMax)
        let isFromNewerVersion: Bool
        do {
            database = try DatabasePool(path: path, configuration: configuration)
            // The pool chooses NORMAL for its writer when it opens it, so this comes after.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            isFromNewerVersion = try database.read { try Schema.migrator.hasBeenSuperseded($0) }
            if !isFromNewerVersion { try Schema.migrator.migrate(database) }
        } catch let error as DatabaseError {
            throw StoreError(opening: path, error)
        }
        guard !isFromNewerVersion else { throw StoreError.fromNewerVersion(path: path) }
    }

    /// Marks answers that a crash cut off. For the one process that writes answers, when it starts: nothing else may
    /// run then, and `danlu keys` beside a running server must not touch its answers.
    public func markInterruptedAnswers() async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE message SET status = ? WHERE status = ?",
                arguments: [MessageStatus.interrupted.rawValue, MessageStatus.streaming.rawValue])
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

extension Store {
    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await database.read(work)
        } catch let error as DatabaseError {
            throw StoreError(using: path, error)
        }
    }

    /// One transaction: all of it is written, or nothing.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await database.write(work)
        } catch let error as DatabaseError {
            throw StoreError(using: path, error)
        }
    }
}
