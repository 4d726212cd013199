/// Byte-pair encoding: the symbols of a piece are merged by ranked rules until none applies.
final class BytePairModel: Sendable {
    /// What the first symbols of a piece are.
    enum Symbols: Sendable {
        /// Bytes; each has a token in a complete vocabulary.
        case bytes
        /// Scalars. One without a token becomes its bytes' tokens if all of them exist, else `unknown`.
        case scalars(fallsBackToBytes: Bool)
    }

    let vocabulary: Vocabulary
    let tokens: TokenTable
    let pairs: PairTable
    let symbols: Symbols
    /// Token of each single byte, -1 for none.
    let byteTokens: [Int32]
    let unknown: Int32?
    let options: Options
    /// A way to the same tokens without merging, where the vocabulary allows it.
    private let search: TokenSearch?

    struct Options: Sendable {
        /// Runs of unknown scalars give one token.
        var fusesUnknown = false
        /// A symbol without a token, where there is no unknown token either, goes before the merging and does not part
        /// its neighbours (Hugging Face); else it goes afterwards (llama.cpp).
        var dropsUnknown = false
        /// A piece that is a token is taken whole.
        var ignoresMerges = false
        /// Places in pieces that no token spans; nil where pieces come from a pre-tokenizer.
        var boundaries: SpaceBoundaries?
    }

    init(
        vocabulary: Vocabulary, tokens: TokenTable, merges: MergeList, symbols: Symbols, byteTokens: [Int32],
        unknown: Int32?, options: Options
    ) {
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.pairs = merges.pairs
        self.symbols = symbols
        self.byteTokens = byteTokens
        self.unknown = unknown
        self.options = options
        search = merges.tree.flatMap { TokenSearch($0, vocabulary) }
    }

    /// Appends the tokens of one piece.
    @inline(__always)
    func encode(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, into output: inout [Int32]) {
        if let search {
            if options.ignoresMerges, let id = tokens.find(text, start, end, in: vocabulary) {
                output.append(id)
            } else if !search.encode(text, start, end, pairs, &scratch.search, into: &output) {
                merge(text, start, end, &scratch.buffer, into: &output)
            }
            return
        }
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

    /// Appends the tokens of a text that no pre-tokenizer cuts.
    func encodeWhole(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, into output: inout [Int32]) {
        var i = start
        while i < end {
            let next = options.boundaries?.end(text, i, end) ?? end
            encode(text, i, next, &scratch, into: &output)
            i = next
        }
    }

    private func merge(
        _ text: [UInt8], _ start: Int, _ end: Int, _ buffer: inout MergeBuffer, into output: inout [Int32]
    ) {
        if options.ignoresMerges, let id = tokens.find(text, start, end, in: vocabulary) {
            output.append(id)
            return
        }
        buffer.removeAll()
        switch symbols {
        case .bytes:
            for i in start..<end {
                let id = byteTokens[Int(text[i])]
                if id < 0, options.dropsUnknown, unknown == nil { continue }
                buffer.starts.append(i)
                buffer.ids.append(id)
            }
        case .scalars(let fallsBackToBytes):
            appendScalars(text, start, end, fallsBackToBytes, &buffer)
        }
        buffer.starts.append(end)
        buffer.run(self, text)
        for id in buffer.ids {
            if id >= 0 { output.append(id) } else if let unknown { output.append(unknown) }
        }
    }

    private func appendScalars(
        _ text: [UInt8], _ start: Int, _ end: Int, _ fallsBack: Bool, _ buffer: inout MergeBuffer
    ) {
        let reader = ScalarReader()
        var i = start
        var wasUnknown = false
        while i < end {
            let next = reader.unit(text, i).next
            if let id = tokens.find(text, i, next, in: vocabulary) {
                buffer.starts.append(i)
                buffer.ids.append(id)
                wasUnknown = false
            } else if fallsBack, (i..<next).allSatisfy({ byteTokens[Int(text[$0])] >= 0 }) {
                for k in i..<next {
                    buffer.starts.append(k)
                    buffer.ids.append(byteTokens[Int(text[k])])
                }
                wasUnknown = false
            } else {
                if !(wasUnknown && options.fusesUnknown), !(options.dropsUnknown && unknown == nil) {
                    buffer.starts.append(i)
                    buffer.ids.append(-1)
                }
                wasUnknown = true
            }
            i = next
        }
    }
}

extension BytePairModel: MergeRules {
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32, _ text: [UInt8], _ start: Int, _ end: Int) -> UInt64 {
        if left < 0 || right < 0 { return Merge.none }
        return pairs.find(PairTable.key(left, right))
    }
}
