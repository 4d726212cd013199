public import JSON

/// A text put together of parts, some of them free: reasoning before an answer, calls of tools between words.
public indirect enum GrammarLayout: Sendable {
    case text(String)
    case jsonSchema(JSONValue)
    case gbnf(String)
    case regex(String)
    case sequence([GrammarLayout])
    case choice([GrammarLayout])
    case optional(GrammarLayout)
    /// Any number of times.
    case repeated(GrammarLayout)
    /// Anything up to this marker, and the marker.
    case upTo(String)
    /// Anything that does not have this marker in it.
    case without(String)
    /// A little white space, or none.
    case space
    /// Anything whose first character, white space left aside, is not this one of ASCII's.
    case notBeginning(with: UInt8)
}

extension GrammarLayout {
    /// The same for layouts that are the same in all respects, the order of a schema's members included.
    public var key: String {
        switch self {
        case .text(let text): "text \(text.debugDescription)"
        case .jsonSchema(let schema): "schema \(schema.serialized())"
        case .gbnf(let text): "gbnf \(text.debugDescription)"
        case .regex(let text): "regex \(text.debugDescription)"
        case .sequence(let parts): "sequence [\(parts.map(\.key).joined(separator: ", "))]"
        case .choice(let parts): "choice [\(parts.map(\.key).joined(separator: ", "))]"
        case .optional(let part): "optional [\(part.key)]"
        case .repeated(let part): "repeated [\(part.key)]"
        case .upTo(let marker): "up to \(marker.debugDescription)"
        case .without(let marker): "without \(marker.debugDescription)"
        case .space: "space"
        case .notBeginning(let byte): "not \(byte)"
        }
    }
}

extension Grammar {
    public init(_ layout: GrammarLayout, limits: GrammarLimits = GrammarLimits()) throws(GrammarError) {
        var set = RuleSet(limits: limits)
        let root = try set.addRule("the answer")
        set.root = root
        set.define(root, as: try LayoutWriter.write(layout, to: &set))
        try self.init(set)
    }
}

/// Writes a layout into a rule set. Layouts come from our own code and are not deep.
enum LayoutWriter {
    private static let spaceMax = 8
    private static let space: [ClosedRange<UInt8>] = [0x09...0x0D, 0x20...0x20]

    static func write(_ layout: GrammarLayout, to set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        switch layout {
        case .text(let text): return try set.literal(text)
        case .jsonSchema(let schema): return try set.call(try SchemaCompiler.compile(schema, set.limits))
        case .gbnf(let text): return try set.call(try GBNFParser.parse(text, set.limits))
        case .regex(let text):
            let node = try RegexParser.parse(text, set.limits)
            return try RegexWriter(spelling: .plain).writeCompactly(node, matchesPart: false, to: &set)
        case .sequence(let parts): return try set.sequence(try write(parts, to: &set))
        case .choice(let parts): return try set.choice(try write(parts, to: &set))
        case .optional(let part): return try set.optional(try write(part, to: &set))
        case .repeated(let part): return try set.many(try write(part, to: &set))
        case .upTo(let marker): return try free(Array(marker.utf8), endsWithMarker: true, to: &set)
        case .without(let marker): return try free(Array(marker.utf8), endsWithMarker: false, to: &set)
        case .space: return try set.add(.repetition(try set.add(.bytes(space)), min: 0, max: spaceMax))
        case .notBeginning(let byte):
            let spaces = try set.many(try set.add(.bytes(space)))
            let others = try set.add(.bytes(ByteRanges.inverted(space + [byte...byte])))
            let rest = try set.many(try set.add(.bytes([0...0xFF])))
            return try set.sequence([spaces, try set.optional(try set.sequence([others, rest]))])
        }
    }

    private static func write(
        _ parts: [GrammarLayout], to set: inout RuleSet
    ) throws(GrammarError) -> [RuleSet.NodeID] {
        var nodes: [RuleSet.NodeID] = []
        for part in parts { nodes.append(try write(part, to: &set)) }
        return nodes
    }

    /// Bytes in which a marker is looked for: place n has just read n bytes of it (Knuth, Morris and Pratt's way).
    private static func free(
        _ marker: [UInt8], endsWithMarker: Bool, to set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        precondition(!marker.isEmpty, "a marker has a byte at least")
        var graph = RuleSet.Graph()
        graph.places = marker.count + 1
        for place in marker.indices {
            var byTarget: [Int: [ClosedRange<UInt8>]] = [:]
            for byte in UInt8.min...UInt8.max {
                let read = marker[..<place] + [byte]
                let kept = (0...place + 1).last { read.suffix($0).elementsEqual(marker.prefix($0)) } ?? 0
                byTarget[kept, default: []].append(byte...byte)
            }
            for (to, bytes) in byTarget.sorted(by: { $0.key < $1.key }) where endsWithMarker || to < marker.count {
                graph.addEdge(place, to, try set.add(.bytes(bytes)))
            }
        }
        graph.accepting = endsWithMarker ? [marker.count] : Array(marker.indices)
        // A rule of its own: its masks are those of free text wherever it stands.
        let rule = try set.addRule("free text", isShared: true)
        set.define(rule, as: try set.add(.graph(graph)))
        return try set.add(.call(rule))
    }
}

/// Sets of bytes as ranges.
enum ByteRanges {
    static func inverted(_ ranges: [ClosedRange<UInt8>]) -> [ClosedRange<UInt8>] {
        (UInt8.min...UInt8.max).filter { byte in !ranges.contains { $0.contains(byte) } }.map { $0...$0 }
    }
}
