import JSON

/// From a JSON Schema to rules: one rule for each place of the document that is needed, recursion included.
///
/// A schema that combines others is multiplied out to alternatives (`SchemaFacts`), each of which is written as the
/// values of its types. Members come in the order of `properties`; where `additionalProperties` is not said beside
/// names, no others are written, which every reader of the schema accepts.
struct SchemaCompiler {
    let document: JSONValue
    let limits: GrammarLimits
    var set: RuleSet
    var json = JSONRules()
    private var rules: [[String]: RuleSet.RuleID] = [:]
    /// Rules whose bodies are still to be written.
    private var open: [(rule: RuleSet.RuleID, schemas: [Schema])] = []
    /// Alternatives that were multiplied out, in all.
    private var alternatives = 0

    private init(_ document: JSONValue, _ limits: GrammarLimits) {
        self.document = document
        self.limits = limits
        set = RuleSet(limits: limits)
    }

    static func compile(_ document: JSONValue, _ limits: GrammarLimits) throws(GrammarError) -> RuleSet {
        var compiler = SchemaCompiler(document, limits)
        let root = try compiler.set.addRule("#")
        compiler.set.root = root
        compiler.set.define(root, as: try compiler.call([Schema(pointer: "#", value: document)]))
        try compiler.finish()
        return compiler.set
    }

    /// Writes the bodies of all rules that are called.
    mutating func finish() throws(GrammarError) {
        while let (rule, schemas) = open.popLast() { set.define(rule, as: try body(schemas)) }
    }

    /// The values for which all these schemas hold.
    mutating func call(_ schemas: [Schema]) throws(GrammarError) -> RuleSet.NodeID {
        if schemas.contains(where: { $0.value == false }) { return RuleSet.nothing }
        let saying = Set(schemas.filter { $0.value != true && !($0.keywords?.isEmpty ?? false) })
            .sorted { $0.pointer < $1.pointer }
        if saying.isEmpty { return try json.value(depth: limits.anyValueDepthMax, &set) }
        let key = saying.map(\.pointer)
        if let rule = rules[key] { return try set.add(.call(rule)) }
        let rule = try set.addRule(key.joined(separator: " and "))
        rules[key] = rule
        open.append((rule, saying))
        return try set.add(.call(rule))
    }

    private mutating func body(_ schemas: [Schema]) throws(GrammarError) -> RuleSet.NodeID {
        if schemas.count == 1, let choices = try onlyChoices(schemas[0]) {
            var parts: [RuleSet.NodeID] = []
            for choice in choices { parts.append(try call([choice])) }
            return try set.choice(parts)
        }
        var all = [SchemaFacts(place: schemas[0].pointer)]
        for schema in schemas { all = try multiplied(all, try expanded(schema, depth: 0)) }
        var parts: [RuleSet.NodeID] = []
        for facts in all { parts.append(try write(facts)) }
        return try set.choice(parts)
    }

    /// The schemas of which one must hold, when a schema says nothing else: they stay rules of their own, so that
    /// recursion is one.
    private mutating func onlyChoices(_ schema: Schema) throws(GrammarError) -> [Schema]? {
        let assertions = schema.assertions
        guard assertions.count == 1, let keywords = schema.keywords else { return nil }
        switch assertions[0] {
        case "$ref": return [try target(of: schema, keywords)]
        case "anyOf": return try list("anyOf", schema, keywords)
        case "allOf":
            let parts = try list("allOf", schema, keywords)
            return parts.count == 1 ? parts : nil
        case "oneOf":
            let parts = try list("oneOf", schema, keywords)
            try checkDisjoint(parts, schema)
            return parts
        default: return nil
        }
    }

    // MARK: Combinations

    /// A schema as alternatives.
    private mutating func expanded(_ schema: Schema, depth: Int) throws(GrammarError) -> [SchemaFacts] {
        guard depth <= limits.depthMax else {
            throw .limit(name: "depthMax", value: limits.depthMax, place: schema.pointer)
        }
        guard let own = try SchemaReader.facts(of: schema, limits) else { return [] }
        var all = [own]
        guard let keywords = schema.keywords else { return all }
        if keywords["$ref"] != nil {
            all = try multiplied(all, try expanded(try target(of: schema, keywords), depth: depth + 1))
        }
        if keywords["allOf"] != nil {
            for part in try list("allOf", schema, keywords) {
                all = try multiplied(all, try expanded(part, depth: depth + 1))
            }
        }
        for key in ["anyOf", "oneOf"] where keywords[key] != nil {
            let parts = try list(key, schema, keywords)
            if key == "oneOf" { try checkDisjoint(parts, schema) }
            var choices: [SchemaFacts] = []
            for part in parts { choices += try expanded(part, depth: depth + 1) }
            all = try multiplied(all, choices)
        }
        return all
    }

    private mutating func multiplied(
        _ left: [SchemaFacts], _ right: [SchemaFacts]
    ) throws(GrammarError) -> [SchemaFacts] {
        alternatives += left.count * right.count
        guard alternatives <= limits.alternativesMax else {
            throw .limit(
                name: "alternativesMax", value: limits.alternativesMax, place: left.first?.place ?? "#")
        }
        return left.flatMap { left in right.map { left.joined(with: $0) } }.filter { !$0.isImpossible }
    }

    private func list(_ key: String, _ schema: Schema, _ keywords: JSONObject) throws(GrammarError) -> [Schema] {
        guard let value = keywords[key], let items = value.array, !items.isEmpty else {
            throw .syntax(place: schema.place(key), reason: "expected a list of schemas")
        }
        let parent = Schema(pointer: schema.place(key), value: value)
        return items.enumerated().map { parent.child(String($0), $1) }
    }

    /// `oneOf` is a choice when no value fits two of its schemas; a `discriminator` beside it says so too.
    private mutating func checkDisjoint(_ parts: [Schema], _ schema: Schema) throws(GrammarError) {
        if schema.keywords?["discriminator"] != nil { return }
        var sides: [[SchemaFacts]] = []
        for part in parts { sides.append(try expanded(part, depth: 1)) }
        for right in sides.indices {
            for left in 0..<right {
                for (one, other) in sides[left].flatMap({ one in sides[right].map { (one, $0) } }) {
                    guard try !areDisjoint(one, other) else { continue }
                    throw .unsupported(
                        place: schema.place("oneOf"),
                        reason: "a value could fit both \(left) and \(right); write anyOf, or tell them apart by a "
                            + "required property with a const")
                }
            }
        }
    }

    private mutating func areDisjoint(_ left: SchemaFacts, _ right: SchemaFacts) throws(GrammarError) -> Bool {
        let joined = left.joined(with: right)
        if joined.isImpossible { return true }
        if let values = joined.values, !values.contains(where: { SchemaValues.hasType($0, joined) }) { return true }
        guard joined.kinds == [.object] else { return false }
        for name in joined.required {
            let (mine, theirs) = (left.schemas(for: name), right.schemas(for: name))
            // One forbids what the other requires.
            if mine.contains(where: { $0.value == false }) || theirs.contains(where: { $0.value == false }) {
                return true
            }
            guard let a = mine.first, let b = theirs.first else { continue }
            let others = try expanded(b, depth: 2)
            let pairs = try expanded(a, depth: 2).flatMap { one in others.map { (one, $0) } }
            let areApart = pairs.allSatisfy { one, other in
                let both = one.joined(with: other)
                return both.isImpossible
                    || both.values.map { !$0.contains { SchemaValues.hasType($0, both) } } ?? false
            }
            if areApart { return true }
        }
        return false
    }

    // MARK: References

    private func target(of schema: Schema, _ keywords: JSONObject) throws(GrammarError) -> Schema {
        guard let text = keywords["$ref"]?.string else {
            throw .syntax(place: schema.place("$ref"), reason: "expected a string")
        }
        guard text == "#" || text.hasPrefix("#/") else {
            throw .unsupported(
                place: schema.place("$ref"),
                reason: "'\(text.prefix(80))' is outside this schema; only references like '#/$defs/name' are followed")
        }
        var found = Schema(pointer: "#", value: document)
        for part in text.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) where text != "#" {
            let decoded = Self.percentDecoded(String(part))
            let key = decoded.replacing("~1", with: "/").replacing("~0", with: "~")
            let value = found.value[key] ?? Int(key).flatMap { found.value[$0] }
            guard let value else {
                throw .syntax(place: schema.place("$ref"), reason: "there is no '\(text.prefix(80))'")
            }
            found = found.child(key, value)
        }
        return found
    }

    private static func percentDecoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SchemaFacts {
    /// The schemas that the value of a member has to fit, patterns left aside.
    func schemas(for name: String) -> [Schema] {
        members.flatMap { members in
            let own = members.properties.filter { $0.name == name }.map(\.schema)
            return own.isEmpty && members.patterns.isEmpty ? members.additional.map { [$0] } ?? [] : own
        }
    }
}
