/// A document as it lies in a raw file: readable, and not judged yet.
package struct RawDocument: Sendable, Equatable {
    /// Valid UTF-8: text, or HTML.
    package var bytes: [UInt8]
    package var isHTML: Bool
    /// Where in the file it begins: “line 3”, “record 12”; empty for a file that is one document.
    package var place: String
    /// What the file says of it: `url`, `title`, `date`, `id`, `language`, `author`, `source`, `kind`.
    package var metadata: [String: String]

    package init(bytes: [UInt8], isHTML: Bool = false, place: String = "", metadata: [String: String] = [:]) {
        self.bytes = bytes
        self.isHTML = isHTML
        self.place = place
        self.metadata = metadata
    }
}
