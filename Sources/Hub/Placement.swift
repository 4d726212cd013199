import Crypto
import Foundation

/// The last steps on disk: checks of space, renames, syncs.
enum Placement {
    static func makeFolder(_ url: URL) throws(HubError) {
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            throw .file(operation: "make the folder", path: url.path, reason: error.localizedDescription)
        }
    }

    static func checkSpace(at folder: URL, bytes: Int) throws(HubError) {
        var facts = statvfs()
        guard statvfs(folder.path, &facts) == 0 else { throw .system("examine", folder.path) }
        let free = Int(
            clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue)
        guard bytes <= free else { throw .notEnoughSpace(path: folder.path, neededBytes: bytes, freeBytes: free) }
    }

    /// Bytes that a file really takes: a part fetched from its middle has a hole before it.
    static func diskBytes(_ url: URL) -> Int {
        var facts = stat()
        guard stat(url.path, &facts) == 0 else { return 0 }
        return Int(facts.st_blocks) * 512
    }

    /// Moves fetched files into the folder that will be the model.
    static func collect(_ files: [RemoteFile], _ sums: [String], from parts: URL, into ready: URL) throws -> [Manifest
        .File]
    {
        try zip(files, sums).map { file, sum in
            let target = ready.appending(path: file.name)
            try makeFolder(target.deletingLastPathComponent())
            let from = parts.appending(path: file.name).path
            var facts = stat()
            guard stat(from, &facts) == 0, rename(from, target.path) == 0 else { throw HubError.system("move", from) }
            return Manifest.File(name: file.name, size: Int(facts.st_size), sha256: sum)
        }
    }

    /// Takes a local file or folder in: a hard link where the filesystem allows, else a copy.
    static func adopt(_ path: String, into ready: URL, expected: String?) throws -> [Manifest.File] {
        let manager = FileManager.default
        let source = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: source.path, isDirectory: &isFolder) else {
            throw HubError.system("open", path)
        }
        var names = [source.lastPathComponent]
        var folder = source.deletingLastPathComponent()
        if isFolder.boolValue {
            folder = source
            names = try manager.contentsOfDirectory(atPath: source.path).filter {
                !$0.hasPrefix(".") && $0 != Manifest.fileName
            }
            guard names.contains("config.json") || names.contains(where: { $0.hasSuffix(".gguf") }) else {
                throw HubError.notAModel(what: path, reason: "no config.json and no .gguf file")
            }
        } else if !(try magic(source.path)) {
            throw HubError.notAModel(what: path, reason: "it does not begin with “GGUF”")
        } else {
            names = [source.lastPathComponent]
        }
        return try names.sorted().compactMap { name in
            let from = folder.appending(path: name).resolvingSymlinksInPath()
            guard try from.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
            let target = ready.appending(path: isFolder.boolValue ? name : ggufName(name))
            if link(from.path, target.path) != 0 { try manager.copyItem(at: from, to: target) }
            let sum = try sum(target.path)
            if let expected, expected != sum { throw HubError.wrongSum(what: name, expected: expected, actual: sum) }
            let size = try target.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            return Manifest.File(name: try SafePath.check(target.lastPathComponent), size: size, sha256: sum)
        }
    }

    private static func ggufName(_ name: String) -> String {
        name.lowercased().hasSuffix(".gguf") ? name : name + ".gguf"
    }

    private static func magic(_ path: String) throws -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw HubError.system("open", path) }
        return try handle.read(upToCount: 4) == Data("GGUF".utf8)
    }

    private static func sum(_ path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw HubError.system("open", path) }
        var hash = SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        return Digest.hex(hash.finalize())
    }

    /// Makes the folder the model in one rename; what had the name before goes afterwards.
    static func place(_ ready: URL, _ manifest: Manifest, as target: URL, work: URL) throws {
        let file = ready.appending(path: Manifest.fileName)
        do { try manifest.json().write(to: file) } catch {
            throw HubError.file(operation: "write", path: file.path, reason: error.localizedDescription)
        }
        try sync(file.path)
        try sync(ready.path)
        let old = work.appending(path: "old")
        try? FileManager.default.removeItem(at: old)
        if FileManager.default.fileExists(atPath: target.path), rename(target.path, old.path) != 0 {
            throw HubError.system("replace", target.path)
        }
        guard rename(ready.path, target.path) == 0 else { throw HubError.system("place", target.path) }
        try sync(target.deletingLastPathComponent().path)
        try? FileManager.default.removeItem(at: work)
    }

    private static func sync(_ path: String) throws(HubError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("sync", path) }
    }
}
