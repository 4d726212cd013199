import Dialogue
import GRDB

extension Store {
    /// Adds a message under a parent and shows its branch. An answer starts empty, with status `streaming`.
    public func addMessage(
        to conversation: String, parent: String?, role: Role, content: String, status: MessageStatus = .complete,
        model: String? = nil
    ) async throws -> MessageRecord {
        try check("content", content.utf8.count, StoreLimits.contentBytesMax)
        let (id, time) = (makeID(), now())
        return try await write { database in
            _ = try Self.conversation(conversation, in: database)
            if let parent, try Self.message(parent, in: database).conversation != conversation {
                throw StoreError.invalid(field: "parent", expected: "a message of this conversation")
            }
            try database.execute(
                sql: """
                    INSERT INTO message (id, conversation, parent, role, content, reasoning, status, model, createdAt)
                    VALUES (?, ?, ?, ?, ?, '', ?, ?, ?)
                    """,
                arguments: [id, conversation, parent, role.rawValue, content, status.rawValue, model, time])
            try Self.indexContent(of: id, content, in: database)
            try database.execute(
                sql: "UPDATE conversation SET leaf = ?, updatedAt = ? WHERE id = ?",
                arguments: [id, time, conversation])
            return try Self.message(id, in: database)
        }
    }

    /// Writes what an answer has become so far.
    public func updateAnswer(_ id: String, content: String, reasoning: String) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE message SET content = ?, reasoning = ? WHERE id = ?", arguments: [content, reasoning, id])
        }
    }

    /// Writes the whole answer with its end, and makes it findable.
    public func finishAnswer(
        _ id: String, content: String, reasoning: String, status: MessageStatus, error: String? = nil,
        usage: AnswerUsage?
    ) async throws -> MessageRecord {
        let time = now()
        return try await write { database in
            try database.execute(
                sql: """
                    UPDATE message SET content = ?, reasoning = ?, status = ?, error = ?, promptTokens = ?,
                    cachedTokens = ?, completionTokens = ?, tokensPerSecond = ?, firstTokenMilliseconds = ?
                    WHERE id = ?
                    """,
                arguments: [
                    content, reasoning, status.rawValue, error, usage?.promptTokens, usage?.cachedTokens,
                    usage?.completionTokens, usage?.tokensPerSecond, usage?.firstTokenMilliseconds, id,
                ])
            let record = try Self.message(id, in: database)
            try Self.indexContent(of: id, content, in: database)
            try database.execute(
                sql: "UPDATE conversation SET updatedAt = ? WHERE id = ?", arguments: [time, record.conversation])
            return record
        }
    }

    public func message(_ id: String) async throws -> MessageRecord {
        try await read { try Self.message(id, in: $0) }
    }

    /// The messages of the branch that ends in `leaf`, oldest first, at most `limit` of them.
    public func branch(endingIn leaf: String, limit: Int = StoreLimits.pageRowsMax) async throws -> [MessageRecord] {
        try await read { try Self.branch(endingIn: leaf, limit: limit, in: $0) }
    }

    /// A page of the shown branch, oldest first: the last `limit` messages, or those before a message.
    ///
    /// The cost grows with the page, not with the conversation.
    public func page(
        of conversation: String, before: String? = nil, limit: Int = 100
    ) async throws -> (messages: [MessageRecord], hasMore: Bool) {
        try await read { database in
            let record = try Self.conversation(conversation, in: database)
            let last: String?
            if let before {
                let message = try Self.message(before, in: database)
                guard message.conversation == conversation else {
                    throw StoreError.invalid(field: "before", expected: "a message of this conversation")
                }
                last = message.parent
            } else {
                last = record.leaf
            }
            guard let last else { return ([], false) }
            let limit = min(max(limit, 1), StoreLimits.pageRowsMax)
            let messages = try Self.branch(endingIn: last, limit: limit, in: database)
            return (messages, messages.first?.parent != nil)
        }
    }

    /// Shows the branch through a message: follows the newest answers down to its last one, and returns that.
    public func showBranch(through message: String) async throws -> String {
        try await write { database in
            let record = try Self.message(message, in: database)
            let leaf = try String.fetchOne(
                database,
                sql: """
                    WITH RECURSIVE down(id) AS (
                        VALUES (?)
                        UNION ALL
                        SELECT (SELECT id FROM message WHERE conversation = ? AND parent = down.id
                                ORDER BY number DESC LIMIT 1) FROM down WHERE down.id IS NOT NULL
                    )
                    SELECT id FROM (SELECT id, row_number() OVER () AS place FROM down) WHERE id IS NOT NULL
                    ORDER BY place DESC LIMIT 1
                    """,
                arguments: [message, record.conversation])
            try database.execute(
                sql: "UPDATE conversation SET leaf = ? WHERE id = ?",
                arguments: [leaf ?? message, record.conversation])
            return leaf ?? message
        }
    }

    /// Every message of a conversation in the order of writing, all branches, for export.
    public func allMessages(of conversation: String) async throws -> [MessageRecord] {
        try await read { database in
            _ = try Self.conversation(conversation, in: database)
            return try MessageRecord.fetchAll(
                database, sql: "\(Self.selectMessage) WHERE message.conversation = ? ORDER BY number",
                arguments: [conversation])
        }
    }

    /// What `MessageRecord` is made of. Siblings come with the row: a query for each of 10,000 messages took 0.3 s.
    private static let columns = """
        message.*, thumb, comment,
        (SELECT group_concat(id, ' ') FROM (
            SELECT id FROM message AS other
            WHERE other.conversation = message.conversation AND other.parent IS message.parent ORDER BY number
        )) AS siblings
        """

    static let selectMessage = "SELECT \(columns) FROM message LEFT JOIN rating ON rating.message = message.id"

    static func message(_ id: String, in database: Database) throws -> MessageRecord {
        let found = try MessageRecord.fetchOne(
            database, sql: "\(selectMessage) WHERE message.id = ?", arguments: [id])
        guard let found else { throw StoreError.notFound(what: "message", id: id) }
        return found
    }

    private static func branch(endingIn leaf: String, limit: Int, in database: Database) throws -> [MessageRecord] {
        try MessageRecord.fetchAll(
            database,
            sql: """
                WITH RECURSIVE up(id, parent, depth) AS (
                    SELECT id, parent, 1 FROM message WHERE id = ?
                    UNION ALL
                    SELECT message.id, message.parent, depth + 1 FROM message JOIN up ON message.id = up.parent
                    WHERE depth < ?
                )
                SELECT \(columns) FROM up JOIN message ON message.id = up.id
                LEFT JOIN rating ON rating.message = message.id ORDER BY depth DESC
                """,
            arguments: [leaf, limit])
    }

    private static func indexContent(of id: String, _ content: String, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO messageSearch (rowid, text)
                VALUES ((SELECT number FROM message WHERE id = ?), ?)
                """,
            arguments: [id, SearchText.indexed(content)])
    }
}
