/// A piece of personal data in a text.
package struct PersonalFinding: Sendable, Equatable {
    package var kind: PersonalKind
    /// Bytes of the text.
    package var range: Range<Int>

    package init(kind: PersonalKind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}
