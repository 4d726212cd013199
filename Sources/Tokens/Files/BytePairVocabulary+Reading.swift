import JSON

extension BytePairVocabulary {
    /// Reads the vocabulary of a Hugging Face model, to write it elsewhere.
    ///
    /// Only byte-level byte-pair models whose way of cutting text has a name in GGUF files; anything else is a
    /// `TokensError` that names it.
    ///
    /// - Parameters:
    ///   - tokenizerConfig: tokenizer_config.json, which names BOS, EOS and padding, and has the chat template.
    ///   - limits: what the file may ask for.
    public init(tokenizerJSON: [UInt8], tokenizerConfig: JSONValue?, limits: TokensLimits = TokensLimits())
        throws(TokensError)
    {
        // The loader checks the file as a whole, and knows the special tokens.
        let parts = try HuggingFaceLoader(bytes: tokenizerJSON, config: tokenizerConfig ?? .null, limits: limits).load()
        let document: JSONValue
        do {
            document = try JSONValue(
                parsing: tokenizerJSON, limits: JSONLimits(depthMax: limits.jsonDepthMax, bytesMax: limits.jsonBytesMax)
            )
        } catch {
            throw .malformed(what: "tokenizer.json", expected: "JSON", found: "\(error)")
        }
        guard case .bytePair(let model) = parts.pipeline.model, case .bytes = model.symbols,
            let cutter = parts.pipeline.preTokenizer
        else {
            throw .unsupported(
                what: "model", found: document["model"]?["type"]?.string ?? "nothing",
                supported: "byte-level BPE")
        }
        preTokenizer = try PreTokenizer.name(of: cutter, ignoresMerges: model.options.ignoresMerges)
        tokens = [String](repeating: "", count: parts.vocabulary.count)
        types = parts.vocabulary.kinds.map { Int32($0.rawValue) }
        merges = []
        (bosID, eosID, padID) = (parts.bosID, parts.eosID, parts.padID)
        chatTemplate = tokenizerConfig?["chat_template"]?.string
        try readTokens(document)
        try readMerges(document)
    }

    private mutating func readTokens(_ document: JSONValue) throws(TokensError) {
        for (spelling, id) in document["model"]?["vocab"]?.object ?? JSONObject() {
            guard let id = id.int, tokens.indices.contains(id) else { throw .missing("model.vocab") }
            tokens[id] = spelling
        }
        for token in document["added_tokens"]?.array ?? [] {
            guard let id = token["id"]?.int, tokens.indices.contains(id) else { continue }
            tokens[id] = token["content"]?.string ?? ""
        }
    }

    private mutating func readMerges(_ document: JSONValue) throws(TokensError) {
        var ids: [String: Int32] = [:]
        for (id, token) in tokens.enumerated() { ids[token] = Int32(id) }
        for rule in document["model"]?["merges"]?.array ?? [] {
            let sides =
                rule.string.map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
                ?? rule.array?.compactMap(\.string) ?? []
            guard sides.count == 2, let left = ids[sides[0]], let right = ids[sides[1]] else {
                throw .malformed(
                    what: "merge \(merges.count)", expected: "two tokens", found: sides.joined(separator: " "))
            }
            merges.append(Merge(left, right))
        }
    }
}

extension PreTokenizer {
    /// The name in GGUF files of a way to cut text.
    static func name(of cutter: PreTokenizer, ignoresMerges: Bool) throws(TokensError) -> String {
        for family in families
        where family.value.preTokenizer == cutter && family.value.ignoresMerges == ignoresMerges {
            if let name = family.names.first { return name }
        }
        throw .unsupported(
            what: "pre_tokenizer", found: "one that GGUF files have no name for",
            supported: families.compactMap(\.names.first).joined(separator: ", "))
    }
}
