/// A relative path from a remote listing that stays inside its folder.
enum SafePath {
    /// Throws unless every component is a plain name: no `..`, no absolute path, NUL, control character or backslash.
    static func check(_ path: String) throws(HubError) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255 && !part.hasPrefix(".partial")
                && part.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 && $0 != "\\" && $0 != ":" }
        }
        guard isPlain, parts.count <= 8, path != Manifest.fileName else {
            throw .invalidName(path, reason: "a remote file must have a plain relative path")
        }
        return path
    }
}
