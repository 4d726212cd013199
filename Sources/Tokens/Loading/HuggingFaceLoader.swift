import JSON

/// Reads a tokenizer out of a tokenizer.json and, where there is one, a tokenizer_config.json.
struct HuggingFaceLoader {
    let bytes: [UInt8]
    let config: JSONValue
    let limits: TokensLimits

    /// The parts of tokenizer.json: large ones by place, the others as values.
    private struct Document {
        var members: [String: JSONValue] = [:]
        var model: [String: JSONValue] = [:]
        var vocab: Range<Int>?
        var merges: Range<Int>?

        subscript(_ name: String) -> JSONValue { members[name] ?? .null }
    }

    func load() throws(TokensError) -> TokenizerParts {
        guard bytes.count <= limits.jsonBytesMax else {
            throw .tooLarge(what: "tokenizer.json in bytes", limit: limits.jsonBytesMax, found: bytes.count)
        }
        let document = try self.document()
        let plan = try PipelinePlan(
            normalizer: document["normalizer"], preTokenizer: document["pre_tokenizer"], decoder: document["decoder"])
        guard let vocab = document.vocab else { throw .missing("model.vocab in tokenizer.json") }
        let type = document.model["type"]?.string ?? (document.merges == nil ? "Unigram" : "BPE")
        var entries = VocabularyEntries(limits: limits)
        switch type {
        case "BPE": try entries.readObject(cursor(vocab))
        case "Unigram":
            // Pieces of bytes may be cut inside scalars, which this model reads whole.
            guard plan.spelling != .byteLevel else {
                throw .unsupported(what: "model.type after ByteLevel", found: type, supported: "BPE")
            }
            try entries.readPairs(cursor(vocab))
        default: throw .unsupported(what: "model.type", found: type, supported: "BPE, Unigram")
        }
        var added: [HuggingFaceAddedToken] = []
        for value in document["added_tokens"].array ?? [] { added.append(try HuggingFaceAddedToken(value)) }
        for token in added { try entries.add(token) }
        let fallsBack = document.model["byte_fallback"]?.bool ?? false
        let vocabulary = entries.vocabulary(plan.spelling, hasByteTokens: fallsBack)
        let tokens = try entries.table(vocabulary, plan.spelling)
        let model =
            type == "BPE"
            ? try bytePair(document, vocabulary, tokens, plan)
            : try unigram(document, vocabulary, tokens, entries.scores, fallsBack)
        var pipeline = Pipeline(model: model)
        plan.complete(&pipeline)
        for token in added { insert(token, into: &pipeline) }
        return try SpecialIDs(document["post_processor"], config, added)
            .parts(vocabulary, tokens, pipeline, stripsLeadingSpace: plan.stripsLeadingSpace)
    }

    private func cursor(_ range: Range<Int>) -> JSONCursor { JSONCursor(bytes, range, depthMax: limits.jsonDepthMax) }

    private func document() throws(TokensError) -> Document {
        var document = Document()
        var all = cursor(0..<bytes.count)
        try all.forEachMember { (cursor, key) throws(TokensError) in
            let name = String(decoding: key, as: UTF8.self)
            guard name == "model", cursor.isAt(0x7B) else {
                document.members[name] = try cursor.value()
                return
            }
            try cursor.forEachMember { (cursor, key) throws(TokensError) in
                switch String(decoding: key, as: UTF8.self) {
                case "vocab": document.vocab = try cursor.skipValue()
                case "merges": document.merges = try cursor.skipValue()
                case let name: document.model[name] = try cursor.value()
                }
            }
        }
        return document
    }

    private func insert(_ token: HuggingFaceAddedToken, into pipeline: inout Pipeline) {
        guard token.content.count <= limits.addedTokenBytesMax else { return }
        if token.isNormalized, !pipeline.normalizer.steps.isEmpty, !token.isSpecial {
            let content = pipeline.normalizer.apply(token.content)
            pipeline.addedAfterNormalizing.insert(content, token.token)
        } else {
            pipeline.added.insert(token.content, token.token)
        }
    }

    // MARK: Models

    private func bytePair(
        _ document: Document, _ vocabulary: Vocabulary, _ tokens: TokenTable, _ plan: PipelinePlan
    ) throws(TokensError) -> Pipeline.Model {
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = document.model[name]?.string, !text.isEmpty {
                throw .unsupported(what: "model.\(name)", found: text, supported: "none")
            }
        }
        guard let merges = document.merges else { throw .missing("model.merges in tokenizer.json") }
        var list = MergeList(vocabulary, tokens, plan.spelling, limits)
        var rules = cursor(merges)
        var left: [UInt8] = []
        var right: [UInt8] = []
        try rules.forEachElement { (cursor) throws(TokensError) in
            left.removeAll(keepingCapacity: true)
            right.removeAll(keepingCapacity: true)
            if cursor.take(0x5B) {
                try cursor.string(into: &left)
                try cursor.expect(0x2C)
                try cursor.string(into: &right)
                try cursor.expect(0x5D)
                try list.append(left, right)
            } else {
                try cursor.string(into: &left)
                try list.append(left)
            }
        }
        let fallsBack = document.model["byte_fallback"]?.bool ?? false
        let isByteLevel = plan.spelling == .byteLevel
        let bytes =
            isByteLevel
            ? tokens.singleBytes(of: vocabulary) : fallsBack ? vocabulary.byteTokens : vocabulary.noByteTokens
        return .bytePair(
            BytePairModel(
                vocabulary: vocabulary, tokens: tokens, merges: list,
                symbols: isByteLevel ? .bytes : .scalars(fallsBackToBytes: fallsBack), byteTokens: bytes,
                unknown: unknown(document, vocabulary, tokens),
                options: BytePairModel.Options(
                    fusesUnknown: document.model["fuse_unk"]?.bool ?? false, dropsUnknown: true,
                    ignoresMerges: document.model["ignore_merges"]?.bool ?? false,
                    boundaries: plan.steps.isEmpty ? SpaceBoundaries(vocabulary) : nil)))
    }

    private func unknown(_ document: Document, _ vocabulary: Vocabulary, _ tokens: TokenTable) -> Int32? {
        guard let name = document.model["unk_token"]?.string else { return nil }
        let bytes = Array(name.utf8)
        return tokens.find(bytes, 0, bytes.count, in: vocabulary) ?? vocabulary.special(bytes)
    }

    private func unigram(
        _ document: Document, _ vocabulary: Vocabulary, _ tokens: TokenTable, _ scores: [Double], _ fallsBack: Bool
    ) throws(TokensError) -> Pipeline.Model {
        guard let unknown = document.model["unk_id"]?.int, vocabulary.contains(Int32(clamping: unknown)) else {
            throw .missing("model.unk_id in tokenizer.json")
        }
        var padded = scores
        while padded.count < vocabulary.count { padded.append(0) }
        return .unigram(
            UnigramModel(
                vocabulary: vocabulary, scores: padded, worst: scores.min() ?? 0, unknown: Int32(unknown),
                byteTokens: vocabulary.byteTokens, fallsBackToBytes: fallsBack, fusesUnknown: true
            ) { id in
                id < scores.count && id != unknown && !vocabulary.kinds[id].isSpecial && vocabulary.kinds[id] != .byte
            })
    }
}
