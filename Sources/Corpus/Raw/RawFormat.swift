/// What a raw file holds; its name says which, and for standard input its first bytes.
package enum RawFormat: String, Sendable, CaseIterable {
    /// `.txt`, `.text`, `.md` and others: text, long ones in parts that end where a paragraph does.
    case plain
    /// `.html`, `.xhtml`: one page.
    case html
    /// `.jsonl`, `.ndjson`: an object a line.
    case jsonLines = "jsonl"
    /// `.warc`, `.wet`: pages as a crawler saved them.
    case warc
    /// `.csv`, `.tsv`: a row a document.
    case table
    /// `.srt`, `.vtt`, `.ass`, `.ssa`.
    case subtitles
    /// `.mo`, `.po`: gettext's translations.
    case messages
    /// `.epub`: a book, a page a chapter.
    case epub
    /// `.json`: one object, or an array of them; chats as programs export them.
    case json

    private static let endings: [String: RawFormat] = [
        "txt": .plain, "text": .plain, "md": .plain, "markdown": .plain, "rst": .plain,
        "html": .html, "htm": .html, "xhtml": .html, "shtml": .html,
        "jsonl": .jsonLines, "ndjson": .jsonLines,
        "warc": .warc, "wet": .warc, "csv": .table, "tsv": .table, "tab": .table, "srt": .subtitles, "vtt": .subtitles,
        "ass": .subtitles, "ssa": .subtitles, "mo": .messages, "po": .messages, "gmo": .messages, "epub": .epub,
        "json": .json,
    ]

    /// Nil for names that are not read. A last `.gz` or `.zst` is left out of account.
    package init?(name: String) {
        var parts = name.lowercased().split(separator: ".")[...]
        if let last = parts.last, ["gz", "zst", "gzip", "zstd"].contains(last) { parts = parts.dropLast() }
        guard parts.count > 1, let last = parts.last, let format = Self.endings[String(last)] else { return nil }
        self = format
    }

    /// The likeliest format of bytes without a name.
    package init(content: UnsafeBufferPointer<UInt8>) {
        if content.starts(with: [0x50, 0x4B, 3, 4]), Self.isBook(content) {
            self = .epub
            return
        }
        let start = content.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        if start.starts(with: "WARC/".utf8) {
            self = .warc
        } else if start.first == UInt8(ascii: "{") {
            self = .jsonLines
        } else if start.first == UInt8(ascii: "["), start.dropFirst().first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            self = .json
        } else if Self.isPage(start.prefix(1024)) {
            self = .html
        } else {
            self = .plain
        }
    }

    /// The first member of a book's archive says what it is, as it stands.
    private static func isBook(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
        let words = Array("application/epub+zip".utf8)
        return content.count >= 38 + words.count && content[38..<(38 + words.count)].elementsEqual(words)
    }

    private static func isPage(_ start: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard start.first == UInt8(ascii: "<") else { return false }
        let text = String(decoding: start, as: UTF8.self).lowercased()
        return ["<!doctype html", "<html", "<head", "<body", "<div", "<p>"].contains { text.contains($0) }
    }
}
