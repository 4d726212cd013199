import JSON

extension BytePairVocabulary {
    /// The tokenizer.json of this vocabulary, for Hugging Face's tokenizers and for `Tokenizer.huggingFace`.
    ///
    /// Only for the pre-tokenizers of vocabularies that were trained here; a vocabulary that was read has a file
    /// already.
    public func tokenizerJSON() throws(TokensError) -> [UInt8] {
        guard let regexes = TrainingPattern.regexes(preTokenizer) else {
            throw .unsupported(
                what: "pre-tokenizer to write", found: preTokenizer,
                supported: "\(TrainingPattern.words), \(TrainingPattern.phrases)")
        }
        let splits: [JSONValue] = regexes.map {
            ["type": "Split", "pattern": ["Regex": .string($0)], "behavior": "Isolated", "invert": false]
        }
        var vocab = JSONObject()
        for (id, token) in tokens.enumerated() where types[id] != Int32(TokenKind.unused.rawValue) {
            vocab[token] = .int(id)
        }
        let rules = merges.map { JSONValue.array([.string(tokens[Int($0.left)]), .string(tokens[Int($0.right)])]) }
        let model: JSONValue = [
            "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": "",
            "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
            "vocab": .object(vocab), "merges": .array(rules),
        ]
        let document: JSONValue = [
            "version": "1.0", "truncation": nil, "padding": nil,
            "added_tokens": .array(controlIDs.map(addedToken)), "normalizer": nil,
            "pre_tokenizer": ["type": "Sequence", "pretokenizers": .array(splits + [Self.byteLevel])],
            "post_processor": Self.byteLevel, "decoder": Self.byteLevel, "model": model,
        ]
        return Array(document.serialized(.init(indent: 1, keySeparator: ": ")).utf8)
    }

    /// The tokenizer_config.json of this vocabulary, with its chat template.
    ///
    /// - Parameter contextTokens: the longest text that the model takes, if that is known.
    public func tokenizerConfigJSON(contextTokens: Int? = nil) -> [UInt8] {
        func name(_ id: Int32?) -> JSONValue { id.map { .string(tokens[Int($0)]) } ?? .null }
        let decoder = controlIDs.map { (key: "\($0)", value: Self.config(of: addedToken($0))) }
        let names = Set([bosID, eosID, padID].compactMap(\.self))
        var config: JSONObject = [
            "tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": false, "add_prefix_space": false,
            "clean_up_tokenization_spaces": false, "split_special_tokens": false, "bos_token": name(bosID),
            "eos_token": name(eosID), "pad_token": name(padID), "unk_token": nil,
            "additional_special_tokens": .array(
                controlIDs.filter { !names.contains($0) }.map { .string(tokens[Int($0)]) }),
            "added_tokens_decoder": .object(JSONObject(decoder)),
        ]
        if let contextTokens { config["model_max_length"] = .int(contextTokens) }
        if let chatTemplate { config["chat_template"] = .string(chatTemplate) }
        return Array(JSONValue.object(config).serialized(.pretty).utf8)
    }

    private static let byteLevel: JSONValue = [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
    ]

    private func addedToken(_ id: Int32) -> JSONValue {
        [
            "id": .int(Int(id)), "content": .string(tokens[Int(id)]), "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true,
        ]
    }

    /// An added token as tokenizer_config.json has it: without its id.
    private static func config(of token: JSONValue) -> JSONValue {
        .object(JSONObject((token.object ?? JSONObject()).filter { $0.key != "id" }.map { ($0.key, $0.value) }))
    }
}
