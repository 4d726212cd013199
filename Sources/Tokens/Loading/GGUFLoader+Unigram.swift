extension GGUFLoader {
    /// SentencePiece's unigram model, which llama.cpp calls t5.
    func unigram() throws(TokensError) -> TokenizerParts {
        let spellings = try self.spellings()
        let kinds = try self.kinds(spellings)
        let scores = try self.scores(spellings.count)
        var vocabulary = spacedVocabulary(spellings, kinds)
        // "</s>" is the usual EOS here.
        markControls(&vocabulary, spellings) { _ in true }
        let tokens = try table(vocabulary, spellings, isSpaced: true)
        guard let unknown = id("unknown_token_id", default: 2, vocabulary) else { throw .missing("an unknown token") }
        let worst = spellings.indices.filter { kinds[$0] == .normal }.map { scores[$0] }.min() ?? 0
        let model = UnigramModel(
            vocabulary: vocabulary,
            scores: spellings.indices.map { kinds[$0] == .userDefined ? 0 : Double(scores[$0]) }, worst: Double(worst),
            unknown: unknown, byteTokens: vocabulary.noByteTokens, fallsBackToBytes: false, fusesUnknown: true
        ) { id in
            Int32(id) != unknown && [.normal, .userDefined, .unused].contains(vocabulary.kinds[id])
        }
        let addsPrefix = metadata.bool(Self.key("add_space_prefix")) ?? false
        let mergesSpaces = metadata.bool(Self.key("remove_extra_whitespaces")) ?? false
        var pipeline = Pipeline(model: .unigram(model))
        pipeline.added = addedTokens(vocabulary, spellings)
        pipeline.normalizer.steps.append(.charsMap(try charsMap(), perGrapheme: false))
        pipeline.normalizer.steps.append(.spaces(prefix: addsPrefix, merges: mergesSpaces))
        pipeline.normalizer.steps.append(.replace(Array("▁".utf8), [0x20]))
        var parts = parts(vocabulary, tokens, pipeline, spellings, addsBOS: false, bos: nil, eos: 1)
        parts.addsEOS = (metadata.bool(Self.key("add_eos_token")) ?? true) && parts.eosID != nil
        parts.stripsLeadingSpace = addsPrefix || mergesSpaces
        parts.unknownID = unknown
        return parts
    }

    private func charsMap() throws(TokensError) -> PrecompiledCharsMap {
        guard let stored = metadata.ints(Self.key("precompiled_charsmap")), !stored.isEmpty else { return .none }
        return try PrecompiledCharsMap(stored.map { UInt8(truncatingIfNeeded: $0) })
    }
}
