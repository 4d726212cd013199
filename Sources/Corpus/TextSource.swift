import Foundation

/// A file or folder of text.
///
///     let source = try TextSource(path: "poems", limits: CorpusLimits())
///     var reader = source.reader()
///     while let document = try reader.next() { … }
///
/// A folder stands for every file below it whose name `TextFormat` knows, in the order of their paths; hidden files and
/// folders are left out.
package struct TextSource: Sendable {
    package struct File: Sendable, Equatable {
        package var path: String
        /// From the source's folder; the file's own name where the source is a file.
        package var name: String
        package var bytes: Int
        package var format: TextFormat
    }

    package let path: String
    package let files: [File]
    package let limits: CorpusLimits

    /// - Throws: `CorpusError` when there is nothing to read.
    package init(path: String, limits: CorpusLimits = CorpusLimits()) throws(CorpusError) {
        self.path = path
        self.limits = limits
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .cannotRead(path: path, reason: "there is no such file or folder")
        }
        if isFolder.boolValue {
            files = try Self.files(of: path, limits)
        } else {
            let name = (path as NSString).lastPathComponent
            guard let format = TextFormat(name: name) else { throw .noText(path: path) }
            files = [File(path: path, name: name, bytes: try Self.bytes(path), format: format)]
        }
        if files.isEmpty { throw .noText(path: path) }
    }

    private static func files(of folder: String, _ limits: CorpusLimits) throws(CorpusError) -> [File] {
        guard let names = FileManager.default.enumerator(atPath: folder) else {
            throw .cannotRead(path: folder, reason: "the folder cannot be listed")
        }
        var files: [File] = []
        while let name = names.nextObject() as? String {
            guard let format = TextFormat(name: name),
                !name.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            else { continue }
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            guard files.count < limits.filesMax else { throw .tooManyFiles(path: folder, limit: limits.filesMax) }
            files.append(File(path: path, name: name, bytes: try bytes(path), format: format))
        }
        // By bytes, so that no locale has a say.
        return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func bytes(_ path: String) throws(CorpusError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
        }
        return Int(status.st_size)
    }

    /// The documents of all files, one after another.
    package func reader() -> DocumentReader { DocumentReader(source: self) }
}
