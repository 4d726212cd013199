import Assistant
import Foundation
import Hub
import Store

/// The folder where this user's models and database live: `DANLU_HOME`.
enum Home {
    static func store() throws -> Store {
        let folder = Hub.Home.fromEnvironment.folder
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return try Store(path: folder.appending(path: "danlu.sqlite").path)
    }
}
