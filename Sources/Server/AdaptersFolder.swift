import Foundation

/// The one folder from which clients may have adapters loaded.
///
/// A client names what lies in it: a GGUF file, or a folder that PEFT saved, also deeper down. What would leave the
/// folder is refused, be it by the name or by a symbolic link, and what is not there is refused in the same words, so
/// that nobody learns what lies elsewhere.
package struct AdaptersFolder: Sendable {
    /// Without links.
    private let root: String
    private let pathBytesMax: Int

    /// - Throws: `ServerError.noAdaptersFolder`.
    package init(path: String, _ limits: ServerLimits) throws(ServerError) {
        guard let root = Self.resolved(path), Self.isFolder(root) else { throw .noAdaptersFolder(path: path) }
        self.root = root
        pathBytesMax = limits.adapterPathBytesMax
    }

    /// The file or folder that a client's name means.
    package func path(of name: String) throws -> String {
        let refusal = APIError(
            .badRequest, "'lora_path': there is no adapter '\(name.prefix(100))' in the server's folder of adapters.",
            parameter: "lora_path", code: "adapter_not_found")
        guard name.utf8.count <= pathBytesMax, Self.isPlain(name), let path = resolvedInside("\(root)/\(name)") else {
            throw refusal
        }
        guard Self.isFolder(path) else { return path }
        // A folder of ours may have a link to a file that is not.
        for file in try FileManager.default.contentsOfDirectory(atPath: path)
        where resolvedInside("\(path)/\(file)") == nil {
            throw refusal
        }
        return path
    }

    /// A message without the place of the folder, which is no client's business.
    func shown(_ message: String) -> String { message.replacing("\(root)/", with: "") }

    private func resolvedInside(_ path: String) -> String? {
        guard let path = Self.resolved(path), path.hasPrefix("\(root)/") else { return nil }
        return path
    }

    /// Parts with single slashes between them, none of which is hidden or means another folder.
    private static func isPlain(_ name: String) -> Bool {
        name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
            && !name.unicodeScalars.contains { $0.value < 0x20 || $0 == "\\" || $0.value == 0x7F }
    }

    /// The path without links, nil when nothing is there.
    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
