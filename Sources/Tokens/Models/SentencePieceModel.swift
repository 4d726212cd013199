/// SentencePiece's byte-pair encoding: neighbouring symbols merge when their joined text is a token, best score first.
///
/// Scalars that end up in no token become the tokens of their bytes. Bytes that are not UTF-8 are taken as llama.cpp
/// takes them: a symbol is as long as its first byte says, or as what is left.
final class SentencePieceModel: Sendable {
    let vocabulary: Vocabulary
    let tokens: TokenTable
    /// Rank of each token by falling score; equal scores have equal ranks.
    let ranks: [UInt32]
    let byteTokens: [Int32]
    let unknown: Int32?
    private let boundaries: SpaceBoundaries

    init(vocabulary: Vocabulary, tokens: TokenTable, ranks: [UInt32], byteTokens: [Int32], unknown: Int32?) {
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.ranks = ranks
        self.byteTokens = byteTokens
        self.unknown = unknown
        boundaries = SpaceBoundaries(vocabulary)
    }

    func encode(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, into output: inout [Int32]) {
        var i = start
        while i < end {
            let next = boundaries.end(text, i, end)
            encodePart(text, i, next, &scratch, into: &output)
            i = next
        }
    }

    @inline(__always)
    private func encodePart(
        _ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, into output: inout [Int32]
    ) {
        if end - start > PieceCache.pieceBytesMax {
            merge(text, start, end, &scratch.buffer, into: &output)
            return
        }
        let hash = scratch.cache.hash(text, start, end)
        if scratch.cache.find(text, start, end, hash: hash, into: &output) { return }
        let first = output.count
        merge(text, start, end, &scratch.buffer, into: &output)
        scratch.cache.insert(text, start, end, hash: hash, ids: output[first...])
    }

    private func merge(
        _ text: [UInt8], _ start: Int, _ end: Int, _ buffer: inout MergeBuffer, into output: inout [Int32]
    ) {
        buffer.removeAll()
        var i = start
        while i < end {
            let next = min(i + Self.length(lead: text[i]), end)
            append(symbol: i, next, text, &buffer)
            i = next
        }
        buffer.starts.append(end)
        finish(text, &buffer, into: &output)
    }

    /// Encodes bytes that are not UTF-8.
    ///
    /// Symbols are cut while a space is still written U+2581, as llama.cpp does: a broken sequence before a space
    /// takes the first bytes of that scalar with it.
    func encodeInvalid(_ bytes: ArraySlice<UInt8>, _ scratch: inout Scratch, into output: inout [Int32]) {
        var escaped: [UInt8] = []
        for byte in bytes { escaped += byte == 0x20 ? Self.spaceMark : [byte] }
        var text: [UInt8] = []
        scratch.buffer.removeAll()
        var i = 0
        while i < escaped.count {
            let next = min(i + Self.length(lead: escaped[i]), escaped.count)
            let symbol = escaped[i..<next]
            let start = text.count
            text += symbol.elementsEqual(Self.spaceMark) ? [0x20] : symbol
            append(symbol: start, text.count, text, &scratch.buffer)
            i = next
        }
        scratch.buffer.starts.append(text.count)
        finish(text, &scratch.buffer, into: &output)
    }

    /// U+2581, which SentencePiece writes for a space.
    private static let spaceMark: [UInt8] = [0xE2, 0x96, 0x81]

    @inline(__always)
    private static func length(lead: UInt8) -> Int { lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }

    @inline(__always)
    private func append(symbol start: Int, _ end: Int, _ text: [UInt8], _ buffer: inout MergeBuffer) {
        buffer.starts.append(start)
        buffer.ids.append(tokens.find(text, start, end, in: vocabulary) ?? -1)
    }

    private func finish(_ text: [UInt8], _ buffer: inout MergeBuffer, into output: inout [Int32]) {
        buffer.run(self, text)
        for (k, id) in buffer.ids.enumerated() {
            if id >= 0 {
                output.append(id)
            } else {
                for byte in text[buffer.starts[k]..<buffer.starts[k + 1]] {
                    let token = byteTokens[Int(byte)]
                    if token >= 0 { output.append(token) } else if let unknown { output.append(unknown) }
                }
            }
        }
    }
}

extension SentencePieceModel: MergeRules {
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32, _ text: [UInt8], _ start: Int, _ end: Int) -> UInt64 {
        guard let id = tokens.find(text, start, end, in: vocabulary) else { return Merge.none }
        return UInt64(ranks[Int(id)]) << 32 | UInt64(UInt32(bitPattern: id))
    }
}
