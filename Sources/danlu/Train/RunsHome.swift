import Foundation
import Hub
import Training

/// Where this user's runs and token shards are: `DANLU_HOME/runs` and `DANLU_HOME/tokens`.
enum RunsHome {
    private static var home: URL { Hub.Home.fromEnvironment.folder }
    static var folder: String { home.appending(path: "runs").path }
    static var shards: String { home.appending(path: "tokens").path }

    /// A name of today's date and the size.
    static func newRun(size: String?) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "yyyy-MM-dd-HHmmss"
        return "\(folder)/\(format.string(from: Date()))" + (size.map { "-\($0)" } ?? "")
    }

    /// A run that lies elsewhere gets a link here, so that lists know it. A home that cannot be written is no matter.
    static func remember(_ run: RunFolder) {
        let path = URL(filePath: run.path).standardizedFileURL.path
        guard !path.hasPrefix(folder + "/") else { return }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var link = "\(folder)/\(run.name)"
        var number = 1
        while let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link), target != path {
            // A link to what is gone makes room.
            if !FileManager.default.fileExists(atPath: link) { unlink(link) } else { number += 1 }
            link = number == 1 ? link : "\(folder)/\(run.name)-\(number)"
        }
        try? FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    }

    /// Every run that is known, by name.
    static var runs: [RunFolder] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        return names.map { RunFolder(path: "\(folder)/\($0)") }.filter(\.exists)
    }

    /// The run of a name in the list, or of a path.
    static func run(_ name: String) throws -> RunFolder {
        let path = RunFolder(path: name)
        if path.exists { return path }
        let known = RunFolder(path: "\(folder)/\(name)")
        guard !name.contains("/"), known.exists else { throw TrainingError.noRun(path: name) }
        return known
    }

    /// Removes a run, and the link that names it.
    static func delete(_ run: RunFolder) throws {
        let path = URL(filePath: run.path).resolvingSymlinksInPath().path
        try FileManager.default.removeItem(atPath: path)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let link = "\(folder)/\(name)"
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
                URL(filePath: target).standardizedFileURL.path == path
            else { continue }
            unlink(link)
        }
    }
}
