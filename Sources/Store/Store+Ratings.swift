import Dialogue
import GRDB

extension Store {
    /// Keeps what a reader thinks of an answer; nil takes it back.
    public func rate(_ message: String, _ rating: Rating?) async throws -> MessageRecord {
        try check("comment", rating?.comment.count ?? 0, StoreLimits.commentCharactersMax)
        let time = now()
        return try await write { database in
            let record = try Self.message(message, in: database)
            guard record.role == .assistant else {
                throw StoreError.invalid(field: "message", expected: "an answer; only answers are rated")
            }
            if let rating {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO rating (message, thumb, comment, ratedAt) VALUES (?, ?, ?, ?)",
                    arguments: [message, rating.thumb.rawValue, rating.comment, time])
            } else {
                try database.execute(sql: "DELETE FROM rating WHERE message = ?", arguments: [message])
            }
            return try Self.message(message, in: database)
        }
    }
}
