import GRDB

/// What tests need and nothing else does.
extension Store {
    /// A long conversation in one transaction, for tests of speed.
    package func fill(_ conversation: String, messages count: Int) async throws {
        let ids = (0..<count).map { _ in makeID() }
        let time = now()
        try await write { database in
            for (place, id) in ids.enumerated() {
                try database.execute(
                    sql: """
                        INSERT INTO message (id, conversation, parent, role, content, reasoning, status, createdAt)
                        VALUES (?, ?, ?, ?, ?, '', 'complete', ?)
                        """,
                    arguments: [
                        id, conversation, place > 0 ? ids[place - 1] : nil, place % 2 == 0 ? "user" : "assistant",
                        "第\(place)条", time,
                    ])
            }
            try database.execute(
                sql: "UPDATE conversation SET leaf = ? WHERE id = ?", arguments: [ids.last, conversation])
        }
    }

    /// From now on the disk is full, as SQLite sees it: the file may not grow by more than a few pages.
    package func fillDisk() async throws {
        try await write { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
    }

    package func emptyDisk() async throws {
        try await write { try $0.execute(sql: "PRAGMA max_page_count = 1073741823") }
    }

    /// From now on writing fails as it does on a disk mounted read-only.
    package func refuseWrites() async throws {
        try await database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
    }

    /// SQLite's own check of the file: "ok", or what is wrong.
    package func integrity() async throws -> String {
        try await read { try String.fetchOne($0, sql: "PRAGMA integrity_check") ?? "" }
    }

    /// How the connection that writes flushes: 2 is FULL.
    package func synchronous() async throws -> Int {
        try await write { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
    }

    package func rows() async throws -> [String: Int] {
        try await read { database in
            var counts: [String: Int] = [:]
            for table in ["conversation", "message", "rating", "messageSearch"] {
                counts[table] = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? -1
            }
            return counts
        }
    }
}
