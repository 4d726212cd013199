import Foundation

/// Whether a folder may get a washing: nothing of others is mixed up with it, and it is not washed itself next time.
enum OutputCheck {
    static func check(_ output: String, inputs: [String]) throws(WashingError) {
        guard !output.isEmpty else { throw .output(folder: "\"\"", reason: "it has no name") }
        let place = resolved(output)
        for input in inputs where WashingFiles.isFolder(input) {
            let root = resolved(input)
            guard place != root, !place.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
                throw .output(folder: output, reason: "it lies in the input \(input), and would be read as text")
            }
        }
        guard WashingFiles.exists(output) else { return }
        guard WashingFiles.isFolder(output) else { throw .output(folder: output, reason: "it is a file") }
        guard !WashingFiles.exists(WashingFolder(path: output).work) else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
        if let name = names.filter({ !$0.hasPrefix(".") }).min() {
            throw .output(folder: output, reason: "it holds \(name), which no washing wrote")
        }
    }

    /// An absolute path without links, of what need not be there yet.
    private static func resolved(_ path: String) -> String {
        var rest: [String] = []
        var file = URL(filePath: path).standardizedFileURL
        while !WashingFiles.exists(file.path), file.path != "/" {
            rest.append(file.lastPathComponent)
            file.deleteLastPathComponent()
        }
        return rest.reversed().reduce(file.resolvingSymlinksInPath()) { $0.appending(path: $1) }.path
    }
}
