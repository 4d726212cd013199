import JSON

/// Which tokens begin and end texts, from post_processor and tokenizer_config.json.
struct SpecialIDs {
    private let added: [HuggingFaceAddedToken]
    private let config: JSONValue
    private var first: Int?
    private var last: Int?

    init(_ processor: JSONValue, _ config: JSONValue, _ added: [HuggingFaceAddedToken]) throws(TokensError) {
        self.added = added
        self.config = config
        for part in processor["processors"]?.array ?? [processor] {
            switch part["type"]?.string {
            case nil, "ByteLevel": break
            case "TemplateProcessing": try readTemplate(part)
            case "RobertaProcessing", "BertProcessing":
                first = part["cls"]?[1]?.int
                last = part["sep"]?[1]?.int
            case let type?:
                throw .unsupported(
                    what: "post_processor", found: type,
                    supported: "TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel, Sequence")
            }
        }
    }

    private mutating func readTemplate(_ part: JSONValue) throws(TokensError) {
        var before: [String] = []
        var after: [String] = []
        var isAfter = false
        for piece in part["single"]?.array ?? [] {
            if piece["Sequence"] != nil { isAfter = true }
            guard let name = piece["SpecialToken"]?["id"]?.string else { continue }
            if isAfter { after.append(name) } else { before.append(name) }
        }
        guard before.count <= 1, after.count <= 1 else {
            throw .unsupported(
                what: "post_processor", found: (before + ["…"] + after).joined(separator: " "),
                supported: "one token before and one after the text")
        }
        func id(_ name: String) -> Int? { part["special_tokens"]?[name]?["ids"]?[0]?.int ?? self.id(name) }
        first = before.first.flatMap(id)
        last = after.first.flatMap(id)
    }

    private func id(_ content: String) -> Int? {
        added.first { $0.content.elementsEqual(content.utf8) }?.id
    }

    /// A token that the configuration names as text or as an object.
    private func named(_ name: String) -> Int? {
        (config[name]?.string ?? config[name]?["content"]?.string).flatMap(id)
    }

    func parts(
        _ vocabulary: Vocabulary, _ tokens: TokenTable, _ pipeline: Pipeline, stripsLeadingSpace: Bool
    ) throws(TokensError) -> TokenizerParts {
        func checked(_ id: Int?) -> Int32? {
            id.flatMap { Int32(exactly: $0) }.flatMap { vocabulary.contains($0) ? $0 : nil }
        }
        var parts = TokenizerParts(vocabulary: vocabulary, tokens: tokens, pipeline: pipeline)
        parts.bosID = checked(first ?? named("bos_token"))
        parts.eosID = checked(named("eos_token") ?? last)
        parts.padID = checked(named("pad_token"))
        parts.unknownID = checked(named("unk_token"))
        parts.addsBOS = parts.bosID != nil && (config["add_bos_token"]?.bool ?? (first != nil))
        parts.addsEOS = parts.eosID != nil && (config["add_eos_token"]?.bool ?? (last != nil))
        parts.stripsLeadingSpace = stripsLeadingSpace
        var ends = Set([parts.eosID].compactMap(\.self))
        for token in added
        where token.isSpecial && ControlNames.endsOfTurn.contains(String(decoding: token.content, as: UTF8.self)) {
            if let id = checked(token.id) { ends.insert(id) }
        }
        parts.endOfTurnIDs = ends
        return parts
    }
}
