import GRDB
import JSON

extension Store {
    public func createConversation(_ new: NewConversation) async throws -> ConversationRecord {
        try check("title", new.title.count, StoreLimits.titleCharactersMax)
        try check("system", new.system.utf8.count, StoreLimits.contentBytesMax)
        let time = now()
        let record = ConversationRecord(
            id: makeID(), owner: new.owner, title: new.title, model: new.model, system: new.system,
            sampling: new.sampling, leaf: nil,
            createdAt: time, updatedAt: time)
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO conversation (id, owner, title, model, system, sampling, createdAt, updatedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.id, record.owner, record.title, record.model, record.system, record.sampling.serialized(),
                    time, time,
                ])
            try Self.indexTitle(of: record, in: database)
        }
        return record
    }

    public func conversation(_ id: String) async throws -> ConversationRecord {
        try await read { try Self.conversation(id, in: $0) }
    }

    /// An owner's conversations newest first; with a search, those whose title or messages hold every word of it.
    ///
    /// - Parameter before: continue after this conversation, the last of the page before.
    public func conversations(
        of owner: String = "", search: String = "", before: String? = nil, limit: Int = 50
    ) async throws -> [ConversationSummary] {
        let limit = min(max(limit, 1), StoreLimits.pageRowsMax)
        let words = search.trimmingSpace.isEmpty ? nil : SearchText.query(search)
        if words == nil, !search.trimmingSpace.isEmpty { return [] }
        return try await read { database in
            var conditions = ["owner = ?"]
            var arguments: [any DatabaseValueConvertible] = [owner]
            if let words {
                conditions.append(
                    """
                    (conversation.rowid IN (SELECT rowid FROM titleSearch WHERE titleSearch MATCH ?)
                     OR id IN (SELECT conversation FROM message WHERE number IN
                        (SELECT rowid FROM messageSearch WHERE messageSearch MATCH ?)))
                    """)
                arguments += [words, words]
            }
            if let before {
                let last = try Self.conversation(before, in: database)
                conditions.append("(updatedAt, id) < (?, ?)")
                arguments += [last.updatedAt, last.id]
            }
            let rows = try ConversationRecord.fetchAll(
                database,
                sql: """
                    SELECT * FROM conversation WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY updatedAt DESC, id DESC LIMIT \(limit)
                    """,
                arguments: StatementArguments(arguments))
            return try rows.map { try Self.summary(of: $0, words: words, search: search, in: database) }
        }
    }

    public func changeConversation(_ id: String, _ change: ConversationChange) async throws -> ConversationRecord {
        try check("title", change.title?.count ?? 0, StoreLimits.titleCharactersMax)
        try check("system", change.system?.utf8.count ?? 0, StoreLimits.contentBytesMax)
        return try await write { database in
            var record = try Self.conversation(id, in: database)
            record.title = change.title ?? record.title
            record.model = change.model ?? record.model
            record.system = change.system ?? record.system
            record.sampling = change.sampling ?? record.sampling
            if let leaf = change.leaf {
                guard try Self.message(leaf, in: database).conversation == id else {
                    throw StoreError.invalid(field: "leaf", expected: "a message of this conversation")
                }
                record.leaf = leaf
            }
            try database.execute(
                sql: "UPDATE conversation SET title = ?, model = ?, system = ?, sampling = ?, leaf = ? WHERE id = ?",
                arguments: [
                    record.title, record.model, record.system, record.sampling.serialized(), record.leaf, id,
                ])
            if change.title != nil { try Self.indexTitle(of: record, in: database) }
            return record
        }
    }

    /// Deletes a conversation with its messages and ratings.
    public func deleteConversation(_ id: String) async throws {
        try await write { database in
            _ = try Self.conversation(id, in: database)
            try database.execute(sql: "DELETE FROM conversation WHERE id = ?", arguments: [id])
        }
    }

    static func conversation(_ id: String, in database: Database) throws -> ConversationRecord {
        let found = try ConversationRecord.fetchOne(
            database, sql: "SELECT * FROM conversation WHERE id = ?", arguments: [id])
        guard let found else { throw StoreError.notFound(what: "conversation", id: id) }
        return found
    }

    func check(_ field: String, _ size: Int, _ limit: Int) throws {
        guard size <= limit else { throw StoreError.tooLarge(field: field, size: size, limit: limit) }
    }

    private static func indexTitle(of record: ConversationRecord, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO titleSearch (rowid, text)
                VALUES ((SELECT rowid FROM conversation WHERE id = ?), ?)
                """,
            arguments: [record.id, SearchText.indexed(record.title)])
    }

    private static func summary(
        of record: ConversationRecord, words: String?, search: String, in database: Database
    ) throws -> ConversationSummary {
        let count = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM message WHERE conversation = ?", arguments: [record.id])
        var snippet: String?
        if let words {
            let content = try String.fetchOne(
                database,
                sql: """
                    SELECT content FROM message WHERE conversation = ? AND number IN
                    (SELECT rowid FROM messageSearch WHERE messageSearch MATCH ?) ORDER BY number DESC LIMIT 1
                    """,
                arguments: [record.id, words])
            snippet = content.map { Snippet.around(search, in: $0) }
        }
        return ConversationSummary(conversation: record, messageCount: count ?? 0, snippet: snippet)
    }
}

extension String {
    var trimmingSpace: Substring {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        return self[start...]
    }
}
