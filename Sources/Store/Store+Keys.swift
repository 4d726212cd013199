import Crypto
import Foundation
import GRDB

/// A key of the API, without its secret.
public struct KeyRecord: Sendable, Equatable {
    public var id: String
    public var name: String
    public var createdAt: Int64
    public var lastUsedAt: Int64?
    public var revokedAt: Int64?
}

extension Store {
    /// Makes a key. Its text is returned here and nowhere again: the store keeps a hash.
    ///
    /// A key carries 256 bits of chance, so one round of SHA-256 is enough: there is nothing to guess.
    ///
    /// The name is also who owns what the key's holder writes: a new key of the same name sees the old one's
    /// conversations, a key of another name does not.
    public func createKey(name: String) async throws -> (record: KeyRecord, key: String) {
        guard !name.trimmingSpace.isEmpty else { throw StoreError.invalid(field: "name", expected: "a name") }
        try check("name", name.count, StoreLimits.titleCharactersMax)
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let key =
            "dl-"
            + secret.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let record = KeyRecord(id: makeID(), name: name, createdAt: now())
        try await write { database in
            try database.execute(
                sql: "INSERT INTO apiKey (id, name, hash, createdAt) VALUES (?, ?, ?, ?)",
                arguments: [record.id, record.name, Self.hash(of: key), record.createdAt])
        }
        return (record, key)
    }

    public func keys() async throws -> [KeyRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM apiKey ORDER BY createdAt, id").map(Self.keyRecord)
        }
    }

    public func revokeKey(_ id: String) async throws {
        let time = now()
        try await write { database in
            try database.execute(
                sql: "UPDATE apiKey SET revokedAt = ? WHERE id = ? AND revokedAt IS NULL", arguments: [time, id])
            guard database.changesCount == 1 else { throw StoreError.notFound(what: "working key", id: id) }
        }
    }

    /// The working key with this text, or nil.
    ///
    /// Compares hashes of equal length against every working key without stopping at the first difference or hit,
    /// so the time says nothing about how near a guess came.
    public func key(matching text: String) async throws -> KeyRecord? {
        let hash = Self.hash(of: text)
        return try await read { database in
            var found: KeyRecord?
            for row in try Row.fetchAll(database, sql: "SELECT * FROM apiKey WHERE revokedAt IS NULL") {
                let difference = zip(hash, row["hash"] as Data).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
                if difference == 0 { found = Self.keyRecord(row) }
            }
            return found
        }
    }

    /// Notes that a key was used, at most once a minute: a request must not wait for the disk each time.
    public func noteUse(of key: KeyRecord) async throws {
        let time = now()
        guard time - (key.lastUsedAt ?? 0) > StoreLimits.keyUseMillisecondsMin else { return }
        try await write { database in
            try database.execute(sql: "UPDATE apiKey SET lastUsedAt = ? WHERE id = ?", arguments: [time, key.id])
        }
    }

    private static func hash(of key: String) -> Data { Data(SHA256.hash(data: Data(key.utf8))) }

    private static func keyRecord(_ row: Row) -> KeyRecord {
        KeyRecord(
            id: row["id"], name: row["name"], createdAt: row["createdAt"], lastUsedAt: row["lastUsedAt"],
            revokedAt: row["revokedAt"])
    }
}
