import Foundation

/// Finds the raw files that inputs name: files, folders, patterns, and `-` for standard input.
///
///     let files = try RawFiles.find(["pages", "logs/2026-*.jsonl.gz"], limits: CorpusLimits())
///
/// A folder stands for every file below it whose name `RawFormat` knows, in the order of their paths, hidden ones left
/// out. A file that is named itself is read whatever its name; its first bytes decide where the name says nothing.
package enum RawFiles {
    /// - Throws: `CorpusError` when an input names nothing that can be read.
    package static func find(_ inputs: [String], limits: CorpusLimits = CorpusLimits()) throws(CorpusError) -> [RawFile]
    {
        var files: [RawFile] = []
        var paths: Set<String> = []
        for input in inputs {
            // The same file twice would be washed away as its own duplicate.
            for file in try find(input, limits) where paths.insert(file.path).inserted {
                guard files.count < limits.filesMax else { throw .tooManyFiles(path: input, limit: limits.filesMax) }
                files.append(file)
            }
        }
        return files
    }

    private static func find(_ input: String, _ limits: CorpusLimits) throws(CorpusError) -> [RawFile] {
        if input == FileBytes.standardInput {
            return [RawFile(path: input, name: "standard input", bytes: 0, format: nil)]
        }
        var status = stat()
        if stat(input, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                let name = (input as NSString).lastPathComponent
                return [RawFile(path: input, name: name, bytes: Int(status.st_size), format: RawFormat(name: name))]
            }
            let files = try list(input, limits)
            guard !files.isEmpty else { throw .noMatch(pattern: input) }
            return files
        }
        let reason = String(cString: strerror(errno))
        guard input.contains(where: { "*?[".contains($0) }) else { throw .cannotRead(path: input, reason: reason) }
        var files: [RawFile] = []
        for path in matches(of: input) { files += try find(path, limits) }
        guard !files.isEmpty else { throw .noMatch(pattern: input) }
        return files
    }

    /// Paths that match a shell's pattern, in the order of their bytes.
    private static func matches(of pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, 0, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func list(_ folder: String, _ limits: CorpusLimits) throws(CorpusError) -> [RawFile] {
        guard let names = FileManager.default.enumerator(atPath: folder) else {
            throw .cannotRead(path: folder, reason: "the folder cannot be listed")
        }
        var files: [RawFile] = []
        while let name = names.nextObject() as? String {
            guard let format = RawFormat(name: name), !name.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            else { continue }
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            guard files.count < limits.filesMax else { throw .tooManyFiles(path: folder, limit: limits.filesMax) }
            files.append(RawFile(path: path, name: name, bytes: Int(status.st_size), format: format))
        }
        return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
