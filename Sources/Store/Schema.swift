import GRDB

/// The tables, by migration. A migration that has shipped is never edited; docs/DATA.md describes the result.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 conversations, messages, ratings, keys") { try $0.execute(sql: first) }
        return migrator
    }

    private static let first = """
        CREATE TABLE conversation (
            id TEXT PRIMARY KEY NOT NULL,
            owner TEXT NOT NULL,               -- the name of the key that made it; empty on a loopback server
            title TEXT NOT NULL,
            model TEXT NOT NULL,
            system TEXT NOT NULL,
            sampling TEXT NOT NULL,            -- a JSON object
            leaf TEXT,                         -- the last message of the branch shown
            createdAt INTEGER NOT NULL,        -- Unix milliseconds
            updatedAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX conversationByTime ON conversation (owner, updatedAt DESC, id DESC);

        -- A message is a row; its parent makes the tree, messages of one parent are versions of each other.
        CREATE TABLE message (
            number INTEGER PRIMARY KEY,        -- the row of message_search
            id TEXT UNIQUE NOT NULL,
            conversation TEXT NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
            -- No cascade along a branch: one of 10,000 messages is deeper than SQLite's triggers go (1000).
            parent TEXT REFERENCES message(id) DEFERRABLE INITIALLY DEFERRED,
            role TEXT NOT NULL,
            content TEXT NOT NULL,
            reasoning TEXT NOT NULL,
            status TEXT NOT NULL,
            error TEXT,
            model TEXT,
            createdAt INTEGER NOT NULL,
            promptTokens INTEGER,
            cachedTokens INTEGER,
            completionTokens INTEGER,
            tokensPerSecond REAL,
            firstTokenMilliseconds REAL
        ) STRICT;
        CREATE INDEX messageByParent ON message (conversation, parent, number);
        CREATE INDEX messageByStatus ON message (status) WHERE status = 'streaming';
        CREATE INDEX messageParent ON message (parent);

        CREATE TABLE rating (
            message TEXT PRIMARY KEY NOT NULL REFERENCES message(id) ON DELETE CASCADE,
            thumb INTEGER NOT NULL CHECK (thumb IN (-1, 1)),
            comment TEXT NOT NULL,
            ratedAt INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE apiKey (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            hash BLOB UNIQUE NOT NULL,         -- SHA-256 of the key; the key itself is never kept
            createdAt INTEGER NOT NULL,
            lastUsedAt INTEGER,
            revokedAt INTEGER
        ) STRICT;

        -- Text cut into words and Chinese bigrams by SearchText; the row is message.number or conversation.rowid.
        CREATE VIRTUAL TABLE messageSearch USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
        CREATE VIRTUAL TABLE titleSearch USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
        CREATE TRIGGER messageDeleted AFTER DELETE ON message BEGIN
            DELETE FROM messageSearch WHERE rowid = old.number;
        END;
        CREATE TRIGGER conversationDeleted AFTER DELETE ON conversation BEGIN
            DELETE FROM titleSearch WHERE rowid = old.rowid;
        END;
        """
}
