import GRDB
import JSON

/// A conversation as the store keeps it, without its messages.
public struct ConversationRecord: Sendable, Equatable {
    public var id: String
    /// Whose it is: the name of the key that made it, or empty where no key is needed.
    public var owner: String
    public var title: String
    public var model: String
    public var system: String
    /// A JSON object of sampling settings; what it may hold is the server's business.
    public var sampling: JSONValue
    /// The last message of the branch that is shown.
    public var leaf: String?
    /// Unix milliseconds.
    public var createdAt: Int64
    public var updatedAt: Int64
}

/// What a caller may choose about a new conversation.
public struct NewConversation: Sendable {
    public var owner: String
    public var title: String
    public var model: String
    public var system: String
    public var sampling: JSONValue

    public init(
        owner: String = "", title: String = "", model: String, system: String = "",
        sampling: JSONValue = .object(JSONObject())
    ) {
        self.owner = owner
        self.title = title
        self.model = model
        self.system = system
        self.sampling = sampling
    }
}

/// What to change in a conversation; nil leaves a field as it is.
public struct ConversationChange: Sendable {
    public var title: String?
    public var model: String?
    public var system: String?
    public var sampling: JSONValue?
    public var leaf: String?

    public init(
        title: String? = nil, model: String? = nil, system: String? = nil, sampling: JSONValue? = nil,
        leaf: String? = nil
    ) {
        self.title = title
        self.model = model
        self.system = system
        self.sampling = sampling
        self.leaf = leaf
    }
}

/// A line of the conversation list.
public struct ConversationSummary: Sendable, Equatable {
    public var conversation: ConversationRecord
    public var messageCount: Int
    /// The text around the first hit of a search.
    public var snippet: String?
}

extension ConversationRecord: FetchableRecord {
    public init(row: Row) throws {
        id = row["id"]
        owner = row["owner"]
        title = row["title"]
        model = row["model"]
        system = row["system"]
        sampling = (try? JSONValue(parsing: row["sampling"] as String)) ?? .object(JSONObject())
        leaf = row["leaf"]
        createdAt = row["createdAt"]
        updatedAt = row["updatedAt"]
    }
}
