import Foundation
import JSON

/// Conversations in files, for `/save` and `/load`.
enum ChatFile {
    static func read(_ path: String) throws -> Conversation {
        let path = expanded(path)
        return try Conversation(json: JSONValue(parsing: Terminal.read(path, bytesMax: Conversation.fileBytesMax)))
    }

    static func write(_ conversation: Conversation, model: String, to path: String) throws {
        let path = expanded(path)
        let data = Data((conversation.json(model: model).serialized() + "\n").utf8)
        do { try data.write(to: URL(filePath: path), options: .atomic) } catch {
            throw TerminalError.cannotWrite(path: path, reason: error.localizedDescription)
        }
    }

    /// `~/x` as a shell reads it.
    private static func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] else { return path }
        return home + path.dropFirst(1)
    }
}
