/// How documents lie in a file; its name says which.
package enum TextFormat: Sendable, Equatable {
    /// `.txt`, `.md`: the file is a document; lines that are `<|endoftext|>` separate several.
    case plain
    /// `.jsonl`: each line is an object whose member `text` is a document.
    case jsonLines

    /// Nil for names that are not read. A last `.gz` or `.zst` is left out of account.
    package init?(name: String) {
        var name = name.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) } else if name.hasSuffix(".zst") { name.removeLast(4) }
        if name.hasSuffix(".txt") || name.hasSuffix(".md") {
            self = .plain
        } else if name.hasSuffix(".jsonl") {
            self = .jsonLines
        } else {
            return nil
        }
    }
}
