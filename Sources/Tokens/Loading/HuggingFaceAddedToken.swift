import JSON

/// An entry of `added_tokens` in a tokenizer.json.
struct HuggingFaceAddedToken {
    var id: Int
    var content: [UInt8]
    var isSpecial: Bool
    var isNormalized: Bool
    var isSingleWord: Bool
    var stripsLeft: Bool
    var stripsRight: Bool

    init(_ value: JSONValue) throws(TokensError) {
        guard let id = value["id"]?.int, let content = value["content"]?.string else {
            throw .malformed(what: "added_tokens", expected: "objects with id and content", found: value.kind)
        }
        self.id = id
        self.content = Array(content.utf8)
        isSpecial = value["special"]?.bool ?? false
        isNormalized = value["normalized"]?.bool ?? !isSpecial
        isSingleWord = value["single_word"]?.bool ?? false
        stripsLeft = value["lstrip"]?.bool ?? false
        stripsRight = value["rstrip"]?.bool ?? false
    }

    var token: AddedToken {
        AddedToken(
            id: Int32(id), level: isSpecial ? .control : AddedToken.level(ofUserDefined: content),
            stripsLeft: stripsLeft,
            stripsRight: stripsRight, isSingleWord: isSingleWord)
    }
}
