/// A text and where it comes from.
package struct Document: Sendable, Equatable {
    package var text: String
    /// The file, as its path was given or found.
    package var file: String
    /// The line on which it begins, counted from 1.
    package var line: Int
    /// What else is known of it: `url`, `title`, `date` and others.
    package var metadata: [String: String]

    package init(text: String, file: String, line: Int, metadata: [String: String] = [:]) {
        self.text = text
        self.file = file
        self.line = line
        self.metadata = metadata
    }
}
