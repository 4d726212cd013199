import Dialogue
import GRDB

/// How far an answer came.
public enum MessageStatus: String, Sendable {
    case complete
    /// Being written now.
    case streaming
    /// Stopped by the reader.
    case stopped
    /// Cut off when the server died.
    case interrupted
    /// Cut off at the limit of tokens or at the end of the context.
    case limited
    case failed
}

/// A message as the store keeps it: one row.
public struct MessageRecord: Sendable, Equatable {
    public var id: String
    public var conversation: String
    /// The message before it; nil for the first of a conversation.
    public var parent: String?
    public var role: Role
    public var content: String
    public var reasoning: String
    public var status: MessageStatus
    public var error: String?
    public var model: String?
    /// Unix milliseconds.
    public var createdAt: Int64
    public var usage: AnswerUsage?
    public var rating: Rating?
    /// Every message with the same parent, itself included, oldest first.
    public var siblings: [String]
}

/// What an answer took.
public struct AnswerUsage: Sendable, Equatable {
    public var promptTokens: Int
    public var cachedTokens: Int
    public var completionTokens: Int
    public var tokensPerSecond: Double
    public var firstTokenMilliseconds: Double

    public init(
        promptTokens: Int, cachedTokens: Int, completionTokens: Int, tokensPerSecond: Double,
        firstTokenMilliseconds: Double
    ) {
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
        self.tokensPerSecond = tokensPerSecond
        self.firstTokenMilliseconds = firstTokenMilliseconds
    }
}

extension MessageRecord: FetchableRecord {
    /// Columns of `message`, `thumb` and `comment` of its rating, and `siblings` with spaces between.
    public init(row: Row) throws {
        id = row["id"]
        conversation = row["conversation"]
        parent = row["parent"]
        role = Role(rawValue: row["role"]) ?? .assistant
        content = row["content"]
        reasoning = row["reasoning"]
        status = MessageStatus(rawValue: row["status"]) ?? .complete
        error = row["error"]
        model = row["model"]
        createdAt = row["createdAt"]
        siblings = (row["siblings"] as String? ?? "").split(separator: " ").map(String.init)
        if let completion: Int = row["completionTokens"] {
            usage = AnswerUsage(
                promptTokens: row["promptTokens"] ?? 0, cachedTokens: row["cachedTokens"] ?? 0,
                completionTokens: completion, tokensPerSecond: row["tokensPerSecond"] ?? 0,
                firstTokenMilliseconds: row["firstTokenMilliseconds"] ?? 0)
        }
        if let thumb: Int = row["thumb"] {
            rating = Rating(thumb: thumb > 0 ? .up : .down, comment: row["comment"] ?? "")
        }
    }
}
