/// Cuts texts into sentences: at line ends, behind 。！？… and behind . ! ? before a space and a capital or other sign.
enum SentenceSplitter {
    static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            var start = line.startIndex
            var place = line.startIndex
            while place < line.endIndex {
                let mark = line[place]
                place = line.index(after: place)
                guard isEnd(mark, before: line[place...]) else { continue }
                while place < line.endIndex, "」』”’）)\"'。！？!?…".contains(line[place]) {
                    place = line.index(after: place)
                }
                append(line[start..<place], to: &sentences)
                start = place
            }
            append(line[start...], to: &sentences)
        }
        return sentences
    }

    private static func isEnd(_ mark: Character, before rest: Substring) -> Bool {
        if "。！？".contains(mark) { return true }
        guard ".!?".contains(mark), rest.first?.isWhitespace ?? true else { return false }
        guard let next = rest.first(where: { !$0.isWhitespace }) else { return true }
        return !next.isLowercase
    }

    private static func append(_ part: Substring, to sentences: inout [String]) {
        guard let first = part.firstIndex(where: { !$0.isWhitespace }),
            let last = part.lastIndex(where: { !$0.isWhitespace })
        else { return }
        sentences.append(String(part[first...last]))
    }
}
