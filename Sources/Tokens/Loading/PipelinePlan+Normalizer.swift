import JSON

extension PipelinePlan {
    mutating func addNormalizer(_ part: JSONValue) throws(TokensError) {
        switch part["type"]?.string {
        case "NFC": normalizer.steps.append(.unicode(.composed))
        case "NFD": normalizer.steps.append(.unicode(.decomposed))
        case "NFKC": normalizer.steps.append(.unicode(.compatibleComposed))
        case "NFKD": normalizer.steps.append(.unicode(.compatibleDecomposed))
        case "Lowercase": normalizer.steps.append(.lowercase)
        case "Strip":
            normalizer.steps.append(
                .strip(left: part["strip_left"]?.bool ?? true, right: part["strip_right"]?.bool ?? true))
        case "Prepend":
            normalizer.steps.append(.prepend(internalForm(part["prepend"]?.string ?? "")))
        case "Replace": try addReplacement(part)
        case "Precompiled":
            let blob = try Base64.decode(part["precompiled_charsmap"]?.string ?? "")
            if !blob.isEmpty { normalizer.steps.append(.charsMap(try PrecompiledCharsMap(blob), perGrapheme: true)) }
        case let type:
            throw .unsupported(
                what: "normalizer", found: type ?? part.kind,
                supported: "NFC, NFD, NFKC, NFKD, Lowercase, Strip, Prepend, Replace, Precompiled, Sequence")
        }
    }

    private mutating func addReplacement(_ part: JSONValue) throws(TokensError) {
        let (pattern, isRegex) = try Self.pattern(part)
        let content = part["content"]?.string ?? ""
        switch (pattern, isRegex) {
        case (" ", false) where spelling == .spaced && content == "▁":
            normalizer.steps.append(.replace(Array("▁".utf8), [0x20]))
        case (" {2,}", true):
            normalizer.steps.append(.replaceSpaces(internalForm(content)))
        case (_, false):
            normalizer.steps.append(.replace(Array(pattern.utf8), internalForm(content)))
        default:
            throw .unsupported(
                what: "pattern of a Replace normalizer", found: pattern, supported: "plain strings, \" {2,}\"")
        }
    }

    /// A text with spaces for "▁" if the vocabulary writes them so.
    private func internalForm(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        return spelling == .spaced && Spelling.spaced.decode(Array(text.utf8), into: &bytes) ? bytes : Array(text.utf8)
    }
}
