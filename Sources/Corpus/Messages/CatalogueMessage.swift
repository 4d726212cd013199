/// A message of a program and its translation.
package struct CatalogueMessage: Sendable, Equatable {
    /// Tells messages apart that are the same in the source language.
    package var context: String?
    package var source: String
    package var translation: String

    package init(context: String? = nil, source: String, translation: String) {
        self.context = context
        self.source = source
        self.translation = translation
    }
}
