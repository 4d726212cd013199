/// A document on its way through the steps.
package struct WashedDocument: Sendable {
    /// Valid UTF-8.
    package var text: [UInt8]
    /// The file, as its name in the corpus.
    package var source: String
    /// Line or record in it.
    package var place: String
    package var metadata: [String: String]
    /// A code such as `zh`, `zh-Hant` or `en`; empty while it is not known.
    package var language = ""
    /// What steps measured of a document that goes on: perplexity, the classifier's share and the like.
    package var scores: [(name: String, value: Double)] = []

    package init(text: [UInt8], source: String, place: String, metadata: [String: String] = [:]) {
        self.text = text
        self.source = source
        self.place = place
        self.metadata = metadata
    }

    /// Whether settings for Chinese apply.
    var isChinese: Bool { language.hasPrefix("zh") }

    /// Where the document is from, as samples and rejects say it.
    var origin: String { place.isEmpty ? source : "\(source):\(place)" }
}
