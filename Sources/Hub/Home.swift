import Foundation

/// The folder with this user's models: `DANLU_HOME`, else `danlu` under the XDG data folder.
public struct Home: Sendable {
    public let folder: URL

    public init(folder: URL) { self.folder = folder }

    public static var fromEnvironment: Home { Home(environment: ProcessInfo.processInfo.environment) }

    public init(environment: [String: String]) {
        if let home = environment["DANLU_HOME"], !home.isEmpty {
            folder = URL(fileURLWithPath: home)
        } else if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            folder = URL(fileURLWithPath: data).appending(path: "danlu")
        } else {
            let user = environment["HOME"] ?? NSHomeDirectory()
            folder = URL(fileURLWithPath: user).appending(path: ".local/share/danlu")
        }
    }

    public var models: URL { folder.appending(path: "models") }
    /// What downloads have so far; on the models' own filesystem, so that placing is one rename.
    public var partial: URL { models.appending(path: ".partial") }
    func model(_ name: ModelName) -> URL { models.appending(path: name.text) }
    func partial(_ name: ModelName) -> URL { partial.appending(path: name.text) }
}
