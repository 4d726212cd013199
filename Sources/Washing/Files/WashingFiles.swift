import Foundation

/// Files that survive a crash: written beside, synced, renamed.
package enum WashingFiles {
    package static func read(_ path: String, bytesMax: Int) throws(WashingError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw system("read", path) }
        let data: Data
        do { data = try handle.read(upToCount: bytesMax + 1) ?? Data() } catch {
            throw .file(operation: "read", path: path, reason: error.localizedDescription)
        }
        guard data.count <= bytesMax else {
            throw .file(operation: "read", path: path, reason: "it is larger than \(bytesMax) bytes")
        }
        return Array(data)
    }

    /// Replaces a small file: at any moment it has its old or its new content. Several programs may do it at once.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(WashingError) {
        let partial = "\(path).\(UUID().uuidString).partial"
        let file = try FileWriter(path: partial)
        try file.write(bytes)
        try file.close()
        try move(partial, to: path)
    }

    /// Renames a file or folder and syncs the folder that holds it.
    package static func move(_ path: String, to target: String) throws(WashingError) {
        guard rename(path, target) == 0 else { throw system("rename to \(target)", path) }
        try syncFolder(URL(filePath: target).deletingLastPathComponent().path)
    }

    /// Makes the names in a folder last.
    package static func syncFolder(_ folder: String) throws(WashingError) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw system("sync", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw system("sync", folder) }
    }

    /// Makes a folder with those above it; one that is there is fine.
    package static func makeFolder(_ path: String) throws(WashingError) {
        guard mkdir(path, 0o755) != 0 else { return }
        let code = errno
        if isFolder(path) { return }
        let parent = URL(filePath: path).deletingLastPathComponent().path
        guard code == ENOENT, parent != path else {
            throw .file(operation: "make the folder", path: path, reason: String(cString: strerror(code)))
        }
        try makeFolder(parent)
        guard mkdir(path, 0o755) == 0 || isFolder(path) else { throw system("make the folder", path) }
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Removes a file or folder; none is fine.
    package static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// What the system said last.
    package static func system(_ operation: String, _ path: String) -> WashingError {
        .file(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}
