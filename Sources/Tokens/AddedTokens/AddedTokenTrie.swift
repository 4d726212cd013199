/// Finds added tokens in a text: leftmost first, of those the longest.
///
/// A trie over bytes; edges are in a hash table under node << 8 | byte. The work for each byte of text is bounded by
/// the longest added token, and bytes that start no token cost one look at a table.
struct AddedTokenTrie: Sendable {
    private var edges = PairTable(capacity: 64)
    /// Index into `tokens` of the token that ends at each node, or -1.
    private var ends: [Int32] = [-1]
    private var tokens: [AddedToken] = []
    private var starts = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { tokens.isEmpty }

    /// Adds a token; the first of two with the same bytes stays.
    mutating func insert(_ bytes: some Collection<UInt8>, _ token: AddedToken) {
        guard let first = bytes.first else { return }
        starts[Int(first)] = true
        var node: UInt64 = 0
        for byte in bytes {
            let key = node << 8 | UInt64(byte)
            var child = edges.find(key)
            if child == PairTable.absent {
                child = UInt64(ends.count)
                ends.append(-1)
                edges.insert(key, child)
            }
            node = child
        }
        if ends[Int(node)] < 0 {
            ends[Int(node)] = Int32(tokens.count)
            tokens.append(token)
        }
    }

    /// The id of the token with exactly these bytes.
    func find(_ bytes: some Collection<UInt8>) -> Int32? {
        var node: UInt64 = 0
        for byte in bytes {
            node = edges.find(node << 8 | UInt64(byte))
            if node == PairTable.absent { return nil }
        }
        return ends[Int(node)] < 0 ? nil : tokens[Int(ends[Int(node)])].id
    }

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
            if match.stripsLeft { while first > done, let space = Self.space(endingAt: first, text) { first -= space } }
            if match.stripsRight { while end < limit, let space = Self.space(startingAt: end, text, limit) { end += space } }
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
        var node: UInt64 = 0
        var found: (AddedToken, Int)?
        var i = start
        while i < limit {
            node = edges.find(node << 8 | UInt64(text[i]))
            if node == PairTable.absent { break }
            i += 1
            guard ends[Int(node)] >= 0 else { continue }
            let token = tokens[Int(ends[Int(node)])]
            guard trust.allows(token.level, start..<i) else { continue }
            if token.isSingleWord, !Self.standsAlone(text, start, i, lower, limit) { continue }
            found = (token, i - start)
        }
        return found
    }

    private static func standsAlone(_ text: [UInt8], _ start: Int, _ end: Int, _ lower: Int, _ limit: Int) -> Bool {
        let reader = ScalarReader()
        if end < limit, isWord(reader.unit(LenientUTF8.mended(Array(text[end..<min(end + 4, limit)])), 0)) { return false }
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

    /// Length of the white space that ends, or starts, at a place.
    private static func space(endingAt end: Int, _ text: [UInt8]) -> Int? {
        var start = end - 1
        while start > 0, end - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
        let bytes = Array(text[start..<end])
        guard LenientUTF8.firstInvalid(bytes) == nil else { return nil }
        return ScalarReader().unit(bytes, 0).isSpace ? bytes.count : nil
    }

    private static func space(startingAt start: Int, _ text: [UInt8], _ limit: Int) -> Int? {
        let unit = ScalarReader().unit(LenientUTF8.mended(Array(text[start..<min(start + 4, limit)])), 0)
        return unit.isSpace ? unit.next : nil
    }
}
