/// What a page says, without what surrounds it.
package struct MainText: Sendable, Equatable {
    package var title: String?
    /// The day of publication, `2026-11-26`.
    package var date: String?
    /// As the page names it: `zh-CN`.
    package var language: String?
    /// Valid UTF-8 in the manner of Markdown: `#` before headings, `-` and numbers before items, `|` between cells,
    /// code between fences; an empty line between blocks.
    package var bytes: [UInt8]

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package init(title: String? = nil, date: String? = nil, language: String? = nil, bytes: [UInt8]) {
        self.title = title
        self.date = date
        self.language = language
        self.bytes = bytes
    }
}
