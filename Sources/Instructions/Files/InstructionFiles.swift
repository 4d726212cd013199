import Corpus
import Foundation

/// Files and folders of instruction data.
///
///     let files = try InstructionFiles(paths: ["mine.jsonl", "folder"])
///
/// A folder stands for every .jsonl and .json below it, also with .gz, in the order of their paths; hidden files and
/// folders are left out.
package struct InstructionFiles: Sendable {
    package struct File: Sendable, Equatable {
        package var path: String
        package var bytes: Int
    }

    package let files: [File]
    package let limits: InstructionLimits

    package var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    package init(paths: [String], limits: InstructionLimits = InstructionLimits()) throws(InstructionsError) {
        var files: [File] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw .corpus(.cannotRead(path: path, reason: "there is no such file or folder"))
            }
            let found = isFolder.boolValue ? try Self.files(of: path, limits) : [path]
            guard !found.isEmpty, found.allSatisfy(Self.isRead) else { throw .noData(path: path) }
            for path in found { files.append(File(path: path, bytes: try Self.bytes(path))) }
        }
        self.files = files
        self.limits = limits
    }

    static func isRead(_ path: String) -> Bool {
        var name = path.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        return name.hasSuffix(".jsonl") || name.hasSuffix(".json")
    }

    private static func files(of folder: String, _ limits: InstructionLimits) throws(InstructionsError) -> [String] {
        guard let names = FileManager.default.enumerator(atPath: folder) else {
            throw .corpus(.cannotRead(path: folder, reason: "the folder cannot be listed"))
        }
        var found: [String] = []
        while let name = names.nextObject() as? String {
            guard isRead(name), !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
            guard found.count < limits.filesMax else {
                throw .corpus(.tooManyFiles(path: folder, limit: limits.filesMax))
            }
            found.append(name)
        }
        // By bytes, so that no locale has a say.
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
    }

    private static func bytes(_ path: String) throws(InstructionsError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .corpus(.cannotRead(path: path, reason: String(cString: strerror(errno))))
        }
        return Int(status.st_size)
    }
}
