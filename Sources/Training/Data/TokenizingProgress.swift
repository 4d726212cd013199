/// How far the tokenising of a source is.
package struct TokenizingProgress: Sendable {
    package var path: String
    /// Of the source's files as they lie on disk.
    package var bytesRead: Int
    package var bytesTotal: Int
    /// Of text.
    package var textBytes: Int
    package var documents: Int
    package var tokens: Int
}
