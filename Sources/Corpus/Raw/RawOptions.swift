/// What a user says about raw files; by default the files speak for themselves.
package struct RawOptions: Sendable, Equatable {
    /// The member of a JSON object, or the column of a table, that holds the text.
    package var textField: String?
    /// The encoding, as its label; nil finds out.
    package var encoding: String?

    package init(textField: String? = nil, encoding: String? = nil) {
        self.textField = textField
        self.encoding = encoding
    }
}
