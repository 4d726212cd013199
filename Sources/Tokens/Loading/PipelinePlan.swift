import JSON

/// What normalizer, pre_tokenizer and decoder of a tokenizer.json ask for.
struct PipelinePlan {
    var spelling = Spelling.plain
    var normalizer = Normalizer()
    /// Steps of the pre-tokenizer; none when the model gets whole texts.
    var steps: [PreTokenizer.Step] = []
    var spacePrefix = Pipeline.SpacePrefix.never
    var stripsLeadingSpace = false
    /// True once a ByteLevel step has been met: those after it see stand-ins for bytes.
    var isPastByteLevel = false

    init(normalizer: JSONValue, preTokenizer: JSONValue, decoder: JSONValue) throws(TokensError) {
        let normalizers = try Self.parts(normalizer, "normalizers")
        let preTokenizers = try Self.parts(preTokenizer, "pretokenizers")
        let decoders = try Self.parts(decoder, "decoders")
        spelling = Self.spelling(normalizers, preTokenizers)
        for part in normalizers { try addNormalizer(part) }
        for part in preTokenizers { try addPreTokenizer(part) }
        try self.normalizer.checkGrowth()
        for part in decoders { try addDecoder(part) }
    }

    func complete(_ pipeline: inout Pipeline) {
        pipeline.normalizer = normalizer
        pipeline.spacePrefix = spacePrefix
        if !steps.isEmpty { pipeline.preTokenizer = PreTokenizer(steps: steps) }
    }

    /// The parts of a "Sequence" one after another, also of sequences in sequences.
    private static func parts(_ value: JSONValue, _ name: String, depth: Int = 0) throws(TokensError) -> [JSONValue] {
        if value.isNull { return [] }
        guard value["type"]?.string == "Sequence" else { return [value] }
        let depthMax = 8
        guard depth < depthMax else { throw .tooLarge(what: "depth of sequences", limit: depthMax, found: depth + 1) }
        guard let members = value[name]?.array else { throw .missing("\(name) of a Sequence in tokenizer.json") }
        var all: [JSONValue] = []
        for member in members { all += try parts(member, name, depth: depth + 1) }
        return all
    }

    private static func spelling(_ normalizers: [JSONValue], _ preTokenizers: [JSONValue]) -> Spelling {
        if preTokenizers.contains(where: { $0["type"]?.string == "ByteLevel" }) { return .byteLevel }
        let isSpaced =
            preTokenizers.contains { $0["type"]?.string == "Metaspace" }
            || normalizers.contains { $0["type"]?.string == "Replace" && $0["content"]?.string == "▁" }
        return isSpaced ? .spaced : .plain
    }

    private mutating func addDecoder(_ part: JSONValue) throws(TokensError) {
        switch part["type"]?.string {
        case "ByteLevel", "ByteFallback", "Fuse", "Replace": break
        case "Strip":
            if part["content"]?.string == " ", part["start"]?.int ?? 0 > 0 { stripsLeadingSpace = true }
        case "Metaspace":
            let scheme = part["prepend_scheme"]?.string
            stripsLeadingSpace = scheme.map { $0 != "never" } ?? part["add_prefix_space"]?.bool ?? true
        case let type:
            throw .unsupported(
                what: "decoder", found: type ?? part.kind,
                supported: "ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace")
        }
    }

    /// The text of a pattern: {"String": …} or {"Regex": …}.
    static func pattern(_ part: JSONValue) throws(TokensError) -> (text: String, isRegex: Bool) {
        if let text = part["pattern"]?["String"]?.string { return (text, false) }
        if let text = part["pattern"]?["Regex"]?.string { return (text, true) }
        throw .malformed(what: "pattern", expected: "String or Regex", found: part["pattern"]?.kind ?? "nothing")
    }
}
