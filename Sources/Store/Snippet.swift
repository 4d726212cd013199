/// A line of text around the place where a search hit.
enum Snippet {
    static let charactersBefore = 20
    static let charactersMax = 90

    /// Starts near the first word of the search that stands in the text, or at the text's start.
    static func around(_ search: String, in text: String) -> String {
        let flat = text.prefix(StoreLimits.snippetCharactersMax).map { $0.isNewline ? " " as Character : $0 }
        let folded = flat.map { $0.lowercased() }
        let words = search.lowercased().split { $0.isWhitespace || $0.isPunctuation }.map { $0.map(String.init) }
        let hit = words.lazy.compactMap { firstPlace(of: $0, in: folded) }.first ?? 0
        let start = max(0, hit - charactersBefore)
        let end = min(flat.count, start + charactersMax)
        return (start > 0 ? "…" : "") + String(flat[start..<end]) + (end < flat.count ? "…" : "")
    }

    private static func firstPlace(of word: [String], in text: [String]) -> Int? {
        guard let first = word.first, word.count <= text.count else { return nil }
        return (0...text.count - word.count).first { place in
            text[place] == first && text[place..<place + word.count].elementsEqual(word)
        }
    }
}
