/// Reads a tokenizer out of a GGUF file's metadata, every value checked before it is used.
struct GGUFLoader<Metadata: TokenizerMetadata> {
    let metadata: Metadata
    let limits: TokensLimits

    static func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }

    func load() throws(TokensError) -> TokenizerParts {
        guard let model = metadata.string(Self.key("model")) else { throw .missing(Self.key("model")) }
        switch model {
        case "gpt2": return try bytePair()
        case "llama": return try sentencePiece()
        case "t5": return try unigram()
        default:
            throw .unsupported(what: Self.key("model"), found: model, supported: "gpt2, llama, t5")
        }
    }

    // MARK: Kinds of model

    private func bytePair() throws(TokensError) -> TokenizerParts {
        let named = try PreTokenizer.named(metadata.string(Self.key("pre")) ?? "default")
        let spellings = try self.spellings()
        let kinds = try self.kinds(spellings)
        var vocabulary = Vocabulary(tokens: spellings.count)
        for (id, spelling) in spellings.enumerated() {
            vocabulary.append(kind: kinds[id]) { arena in
                let isRaw = kinds[id].isSpecial || kinds[id] == .userDefined
                if isRaw || !ByteLevelAlphabet.decode(spelling.utf8, into: &arena) {
                    arena.append(contentsOf: spelling.utf8)
                }
            }
        }
        let tokens = try table(vocabulary, spellings, isSpaced: false)
        let merges = try self.merges(vocabulary, tokens)
        markControls(&vocabulary, spellings) { !merges.isMade[$0] }
        let model = BytePairModel(
            vocabulary: vocabulary, tokens: tokens, merges: merges, symbols: .bytes,
            byteTokens: tokens.singleBytes(of: vocabulary), unknown: nil,
            options: BytePairModel.Options(ignoresMerges: named.ignoresMerges))
        var pipeline = Pipeline(model: .bytePair(model), preTokenizer: named.preTokenizer)
        pipeline.added = addedTokens(vocabulary, spellings)
        return parts(vocabulary, tokens, pipeline, spellings, addsBOS: named.addsBOS, bos: 11, eos: 11)
    }

    private func sentencePiece() throws(TokensError) -> TokenizerParts {
        let spellings = try self.spellings()
        let kinds = try self.kinds(spellings)
        let scores = try self.scores(spellings.count)
        var vocabulary = spacedVocabulary(spellings, kinds)
        markControls(&vocabulary, spellings) { _ in true }
        let tokens = try table(vocabulary, spellings, isSpaced: true)
        let unknown = id("unknown_token_id", default: 0, vocabulary)
        var bytes = tokens.singleBytes(of: vocabulary)
        for (byte, id) in vocabulary.byteTokens.enumerated() where id >= 0 { bytes[byte] = id }
        let model = SentencePieceModel(
            vocabulary: vocabulary, tokens: tokens, ranks: Self.ranks(scores), byteTokens: bytes, unknown: unknown)
        var pipeline = Pipeline(model: .sentencePiece(model))
        pipeline.added = addedTokens(vocabulary, spellings)
        pipeline.normalizer.steps = [.replace(Array("▁".utf8), [0x20])]
        let prefixes = metadata.bool(Self.key("add_space_prefix")) ?? true
        pipeline.spacePrefix = prefixes ? .always : .never
        var parts = parts(vocabulary, tokens, pipeline, spellings, addsBOS: true, bos: 1, eos: 2)
        parts.stripsLeadingSpace = prefixes
        parts.unknownID = unknown
        return parts
    }

    // MARK: Arrays

    func spellings() throws(TokensError) -> [String] {
        guard let spellings = metadata.strings(Self.key("tokens")) else { throw .missing(Self.key("tokens")) }
        guard !spellings.isEmpty else {
            throw .malformed(what: Self.key("tokens"), expected: "at least one token", found: "none")
        }
        guard spellings.count <= limits.tokensMax else {
            throw .tooLarge(what: "number of tokens", limit: limits.tokensMax, found: spellings.count)
        }
        var bytes = 0
        for spelling in spellings {
            let count = spelling.utf8.count
            guard count <= limits.tokenBytesMax else {
                throw .tooLarge(what: "token in bytes", limit: limits.tokenBytesMax, found: count)
            }
            bytes += count
        }
        guard bytes <= limits.vocabularyBytesMax else {
            throw .tooLarge(what: "vocabulary in bytes", limit: limits.vocabularyBytesMax, found: bytes)
        }
        return spellings
    }

    /// The kinds of tokens as the file says.
    func kinds(_ spellings: [String]) throws(TokensError) -> [TokenKind] {
        var kinds = [TokenKind](repeating: .normal, count: spellings.count)
        if let stored = metadata.ints(Self.key("token_type")) {
            guard stored.count == spellings.count else {
                throw .malformed(
                    what: Self.key("token_type"), expected: "\(spellings.count) values as there are tokens",
                    found: "\(stored.count)")
            }
            for (id, value) in stored.enumerated() {
                kinds[id] = UInt8(exactly: value).flatMap(TokenKind.init(rawValue:)) ?? .unused
            }
        }
        return kinds
    }

    /// Makes control tokens of those with a name that only control tokens have, whatever the file says, as long as
    /// ordinary text cannot make them. "</s>" is also HTML, so that has to be the file's EOS.
    func markControls(_ vocabulary: inout Vocabulary, _ spellings: [String], where mayBeControl: (Int) -> Bool) {
        for (id, spelling) in spellings.enumerated()
        where ControlNames.mayBe(spelling) && ControlNames.all.contains(spelling) {
            let isEOS = metadata.int(Self.key("eos_token_id")) == id
            if mayBeControl(id), isEOS || spelling != "</s>" { vocabulary.setKind(.control, of: id) }
        }
    }

    func scores(_ count: Int) throws(TokensError) -> [Float] {
        guard let scores = metadata.floats(Self.key("scores")) else { throw .missing(Self.key("scores")) }
        guard scores.count == count else {
            throw .malformed(
                what: Self.key("scores"), expected: "\(count) values as there are tokens", found: "\(scores.count)")
        }
        return scores.map { $0.isNaN ? -.infinity : $0 }
    }

    /// Equal scores have equal ranks; the best score has rank 0.
    private static func ranks(_ scores: [Float]) -> [UInt32] {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var ranks = [UInt32](repeating: 0, count: scores.count)
        var rank: UInt32 = 0
        for (place, id) in order.enumerated() {
            if place > 0, scores[id] != scores[order[place - 1]] { rank += 1 }
            ranks[id] = rank
        }
        return ranks
    }

    // MARK: Tables

    /// A vocabulary that writes "▁" for spaces and "<0x0A>" for bytes.
    func spacedVocabulary(_ spellings: [String], _ kinds: [TokenKind]) -> Vocabulary {
        var vocabulary = Vocabulary(tokens: spellings.count)
        for (id, spelling) in spellings.enumerated() {
            let byte = kinds[id] == .byte ? Spelling.byte(spelling.utf8) : nil
            let kind = kinds[id] == .byte && byte == nil ? .unused : kinds[id]
            vocabulary.append(kind: kind) { arena in
                if let byte {
                    arena.append(byte)
                } else if kind.isSpecial {
                    arena.append(contentsOf: spelling.utf8)
                } else {
                    _ = Spelling.spaced.decode(spelling.utf8, into: &arena)
                }
            }
        }
        return vocabulary
    }

    /// - Parameter isSpaced: "▁" stands for a space, and no text has a space left when it meets the model.
    func table(_ vocabulary: Vocabulary, _ spellings: [String], isSpaced: Bool) throws(TokensError) -> TokenTable {
        try TokenTable.ordinary(vocabulary) {
            spellings[$0].utf8.elementsEqual(spellings[$1].utf8)
        } isReachable: {
            !isSpaced || !spellings[$0].utf8.contains(0x20)
        }
    }

    private func merges(_ vocabulary: Vocabulary, _ tokens: TokenTable) throws(TokensError) -> MergeList {
        guard let rules = metadata.strings(Self.key("merges")) else { throw .missing(Self.key("merges")) }
        var list = MergeList(vocabulary, tokens, .byteLevel, limits)
        for rule in rules { try list.append(rule.utf8) }
        return list
    }

    func addedTokens(_ vocabulary: Vocabulary, _ spellings: [String]) -> AddedTokenTrie {
        var trie = AddedTokenTrie()
        trie.stripsOnlyASCII = true
        // Phi-3's control tokens swallow the white space after them; the file has no place to say so.
        let name = (metadata.string("general.name") ?? "").lowercased()
        let isPhi3 = name.contains("phi-3") || name.contains("phi3")
        for id in 0..<vocabulary.count {
            let kind = vocabulary.kinds[id]
            let bytes = Array(spellings[id].utf8)
            guard kind.isSpecial || kind == .userDefined, !bytes.isEmpty, bytes.count <= limits.addedTokenBytesMax
            else {
                continue
            }
            let level = kind.isSpecial ? .control : AddedToken.level(ofUserDefined: bytes)
            var token = AddedToken(id: Int32(id), level: level)
            token.stripsRight = isPhi3 && !["<unk>", "<s>", "<|endoftext|>"].contains(spellings[id])
            trie.insert(bytes, token)
        }
        return trie
    }

    // MARK: Ids

    /// A token's id; the default, or nil, where the file names none that exists.
    func id(_ name: String, default fallback: Int32?, _ vocabulary: Vocabulary) -> Int32? {
        let stored = metadata.int(Self.key(name)).flatMap { Int32(exactly: $0) }
        if let stored, vocabulary.contains(stored) { return stored }
        return fallback.flatMap { vocabulary.contains($0) ? $0 : nil }
    }

    func parts(
        _ vocabulary: Vocabulary, _ tokens: TokenTable, _ pipeline: Pipeline, _ spellings: [String], addsBOS: Bool,
        bos: Int32?, eos: Int32?
    ) -> TokenizerParts {
        var parts = TokenizerParts(vocabulary: vocabulary, tokens: tokens, pipeline: pipeline)
        parts.bosID = id("bos_token_id", default: bos, vocabulary)
        parts.eosID = id("eos_token_id", default: eos, vocabulary)
        parts.padID = id("padding_token_id", default: nil, vocabulary)
        parts.unknownID = id("unknown_token_id", default: nil, vocabulary)
        parts.addsBOS = (metadata.bool(Self.key("add_bos_token")) ?? addsBOS) && parts.bosID != nil
        parts.addsEOS = (metadata.bool(Self.key("add_eos_token")) ?? false) && parts.eosID != nil
        var ends = Set([
            parts.eosID, id("eot_token_id", default: nil, vocabulary), id("eom_token_id", default: nil, vocabulary),
        ])
        for (id, spelling) in spellings.enumerated()
        where vocabulary.kinds[id] == .control && ControlNames.mayBe(spelling) {
            if ControlNames.endsOfTurn.contains(spelling) { ends.insert(Int32(id)) }
        }
        parts.endOfTurnIDs = Set(ends.compactMap(\.self))
        return parts
    }
}
