/// A text and where it comes from.
package struct Document: Sendable, Equatable {
    package var text: String
    /// The file, as its path was given or found.
    package var file: String
    /// The line on which it begins, counted from 1.
    package var line: Int

    package init(text: String, file: String, line: Int) {
        self.text = text
        self.file = file
        self.line = line
    }
}
