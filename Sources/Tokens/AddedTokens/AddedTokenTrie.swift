/// Finds added tokens in a text: leftmost first, of those the longest.
///
/// The work for each byte of text is bounded by the longest added token, and bytes that start no token cost one look
/// at a table.
struct AddedTokenTrie: Sendable {
    /// Places in `tokens`.
    private var trie = ByteTrie()
    private var tokens: [AddedToken] = []
    private var starts = [Bool](repeating: false, count: 256)
    /// Whether tokens that strip take only ASCII's white space with them, as in llama.cpp.
    var stripsOnlyASCII = false

    var isEmpty: Bool { tokens.isEmpty }

    /// Adds a token; the first of two with the same bytes stays.
    mutating func insert(_ bytes: some Collection<UInt8>, _ token: AddedToken) {
        guard let first = bytes.first else { return }
        starts[Int(first)] = true
        guard trie.find(bytes) == nil else { return }
        trie.insert(bytes, Int32(tokens.count))
        tokens.append(token)
    }

    /// The id of the token with exactly these bytes.
    func find(_ bytes: some Collection<UInt8>) -> Int32? { trie.find(bytes).map { tokens[Int($0)].id } }

    /// Cuts `text[start..<limit]` at the added tokens that may be read, and hands over parts and tokens in order.
    func split(
        _ text: [UInt8], _ start: Int, _ limit: Int, _ trust: Trust, part: (Range<Int>) -> Void, token: (Int32) -> Void
    ) {
        var done = start
        var i = start
        while i < limit {
            if !starts[Int(text[i])] {
                i += 1
                continue
            }
            guard let (match, length) = longest(text, i, start, limit, trust) else {
                i += 1
                continue
            }
            var first = i
            var end = i + length
            if match.stripsLeft { while first > done, let space = space(endingAt: first, text) { first -= space } }
            if match.stripsRight { while end < limit, let space = space(startingAt: end, text, limit) { end += space } }
            if first > done { part(done..<max(first, done)) }
            token(match.id)
            done = end
            i = end
        }
        if done < limit { part(done..<limit) }
    }

    private func longest(
        _ text: [UInt8], _ start: Int, _ lower: Int, _ limit: Int, _ trust: Trust
    ) -> (AddedToken, Int)? {
        var node = trie.root
        var found: (AddedToken, Int)?
        var i = start
        while i < limit, let next = trie.step(node, text[i]) {
            node = next
            i += 1
            guard let place = trie.value(node) else { continue }
            let token = tokens[Int(place)]
            guard trust.allows(token.level, start..<i) else { continue }
            if token.isSingleWord, !Self.standsAlone(text, start, i, lower, limit) { continue }
            found = (token, i - start)
        }
        return found
    }

    private static func standsAlone(_ text: [UInt8], _ start: Int, _ end: Int, _ lower: Int, _ limit: Int) -> Bool {
        let reader = ScalarReader()
        if end < limit, isWord(reader.unit(LenientUTF8.mended(Array(text[end..<min(end + 4, limit)])), 0)) {
            return false
        }
        if start > lower {
            var previous = start - 1
            while previous > lower, start - previous < 4, text[previous] & 0xC0 == 0x80 { previous -= 1 }
            if isWord(reader.unit(LenientUTF8.mended(Array(text[previous..<start])), 0)) { return false }
        }
        return true
    }

    private static func isWord(_ unit: ScalarReader.Unit) -> Bool {
        unit.scalar == 0x5F || unit.has(ScalarClasses.letter | ScalarClasses.number | ScalarClasses.mark)
    }

    private static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Length of the white space that ends, or starts, at a place.
    private func space(endingAt end: Int, _ text: [UInt8]) -> Int? {
        if stripsOnlyASCII { return Self.isASCIISpace(text[end - 1]) ? 1 : nil }
        var start = end - 1
        while start > 0, end - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
        let bytes = Array(text[start..<end])
        guard LenientUTF8.firstInvalid(bytes) == nil else { return nil }
        return ScalarReader().unit(bytes, 0).isSpace ? bytes.count : nil
    }

    private func space(startingAt start: Int, _ text: [UInt8], _ limit: Int) -> Int? {
        if stripsOnlyASCII { return Self.isASCIISpace(text[start]) ? 1 : nil }
        let unit = ScalarReader().unit(LenientUTF8.mended(Array(text[start..<min(start + 4, limit)])), 0)
        return unit.isSpace ? unit.next : nil
    }
}
