import JSON

/// Reads a schema's own keywords, each with its type checked.
struct SchemaReader {
    private let schema: Schema
    private let keywords: JSONObject
    private let limits: GrammarLimits
    private var facts: SchemaFacts

    private init(_ schema: Schema, _ keywords: JSONObject, _ limits: GrammarLimits) {
        self.schema = schema
        self.keywords = keywords
        self.limits = limits
        facts = SchemaFacts(place: schema.pointer)
    }

    /// What the keywords say that are no combination of other schemas; `nil` for the schema `false`.
    static func facts(of schema: Schema, _ limits: GrammarLimits) throws(GrammarError) -> SchemaFacts? {
        if let bool = schema.value.bool { return bool ? SchemaFacts(place: schema.pointer) : nil }
        guard let keywords = schema.keywords else {
            throw .syntax(place: schema.pointer, reason: "a schema is an object or a boolean, not \(schema.value.kind)")
        }
        var reader = SchemaReader(schema, keywords, limits)
        try reader.checkKnown()
        try reader.readTypes()
        try reader.readValues()
        try reader.readNumbers()
        try reader.readStrings()
        try reader.readMembers()
        try reader.readItems()
        return reader.facts
    }

    private func fault(_ key: String, _ reason: String) -> GrammarError {
        .syntax(place: schema.place(key), reason: reason)
    }

    private func checkKnown() throws(GrammarError) {
        for key in schema.assertions where Schema.unsupported.contains(key) {
            if key == "uniqueItems", keywords[key] == false { continue }
            throw .unsupported(
                place: schema.place(key), reason: "'\(key)' cannot be held to; leave it out and check it afterwards")
        }
    }

    private mutating func readTypes() throws(GrammarError) {
        guard let value = keywords["type"] else { return }
        let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        guard !names.isEmpty, value.array?.count ?? 1 == names.count else {
            throw fault("type", "expected a type's name or a list of names")
        }
        var kinds: Set<SchemaFacts.Kind> = []
        for name in names {
            guard let kind = SchemaFacts.Kind(rawValue: name == "integer" ? "number" : name) else {
                throw fault("type", "'\(name.prefix(40))' is no type")
            }
            kinds.insert(kind)
        }
        facts.kinds = kinds
        facts.isInteger = names.contains("integer") && !names.contains("number")
    }

    private mutating func readValues() throws(GrammarError) {
        var values: [JSONValue]?
        if let list = keywords["enum"] {
            guard let items = list.array else { throw fault("enum", "expected a list") }
            guard items.count <= limits.alternativesMax else {
                throw .limit(name: "alternativesMax", value: limits.alternativesMax, place: schema.place("enum"))
            }
            values = items
        }
        if let only = keywords["const"] {
            values = (values ?? [only]).filter { SchemaValues.areEqual($0, only) }
        }
        facts.values = values
    }

    // MARK: Numbers and strings

    private mutating func readNumbers() throws(GrammarError) {
        for (key, isLower, isInclusive) in [
            ("minimum", true, true), ("exclusiveMinimum", true, false), ("maximum", false, true),
            ("exclusiveMaximum", false, false),
        ] {
            guard let value = keywords[key] else { continue }
            guard let number = Decimal(value) else { throw fault(key, "expected a number") }
            let bound = NumberRange.Bound(value: number, isInclusive: isInclusive)
            if isLower { facts.range.raise(bound) } else { facts.range.reduce(bound) }
            facts.hasDetails = true
        }
        if let value = keywords["multipleOf"] {
            guard let number = Decimal(value), !number.isNegative, !number.isZero else {
                throw fault("multipleOf", "expected a number above 0")
            }
            facts.multiples.append(SchemaFacts.Fact(value: value, place: schema.place("multipleOf")))
            facts.hasDetails = true
        }
    }

    private mutating func readStrings() throws(GrammarError) {
        facts.lengthMin = try count("minLength") ?? 0
        facts.lengthMax = try count("maxLength")
        for key in ["pattern", "format"] {
            guard let value = keywords[key] else { continue }
            guard let text = value.string else { throw fault(key, "expected a string") }
            let fact = SchemaFacts.Fact(value: text, place: schema.place(key))
            if key == "pattern" { facts.patterns.append(fact) } else { facts.formats.append(fact) }
            facts.hasDetails = true
        }
    }

    private mutating func count(_ key: String) throws(GrammarError) -> Int? {
        guard let value = keywords[key] else { return nil }
        guard let count = value.int, count >= 0 else { throw fault(key, "expected a whole number, 0 or more") }
        facts.hasDetails = true
        guard count <= limits.repetitionsMax else {
            // No answer is so long: as good as no upper bound.
            if key.hasPrefix("max") { return nil }
            throw .limit(name: "repetitionsMax", value: limits.repetitionsMax, place: schema.place(key))
        }
        return count
    }

    // MARK: Objects and arrays

    private func schemas(_ key: String) throws(GrammarError) -> [(name: String, schema: Schema)] {
        guard let value = keywords[key] else { return [] }
        guard let object = value.object else { throw fault(key, "expected an object of schemas") }
        let parent = Schema(pointer: schema.place(key), value: value)
        return object.map { ($0.key, parent.child($0.key, $0.value)) }
    }

    private mutating func readMembers() throws(GrammarError) {
        var members = SchemaFacts.Members()
        members.properties = try schemas("properties")
        members.patterns = try schemas("patternProperties").map { ($0.name, $0.schema) }
        if let value = keywords["additionalProperties"] {
            members.additional = schema.child("additionalProperties", value)
        }
        if !members.properties.isEmpty || !members.patterns.isEmpty || members.additional != nil {
            facts.members.append(members)
            facts.hasDetails = true
        }
        if let value = keywords["required"] {
            guard let names = value.array?.compactMap(\.string), names.count == value.array?.count else {
                throw fault("required", "expected a list of names")
            }
            for name in names where !facts.required.contains(name) { facts.required.append(name) }
            facts.hasDetails = true
        }
        facts.membersMin = try count("minProperties") ?? 0
        facts.membersMax = try count("maxProperties")
        if let value = keywords["unevaluatedProperties"], value != true {
            guard value == false else {
                throw .unsupported(
                    place: schema.place("unevaluatedProperties"), reason: "only true and false can be held to")
            }
            (facts.isClosed, facts.hasDetails) = (true, true)
        }
    }

    private mutating func readItems() throws(GrammarError) {
        var items = SchemaFacts.Items()
        // Before 2020 a list under "items" was what "prefixItems" is now.
        let hasOldPrefix = keywords["items"]?.array != nil
        let prefixKey = hasOldPrefix ? "items" : "prefixItems"
        let restKey = hasOldPrefix ? "additionalItems" : "items"
        if let value = keywords[prefixKey] {
            guard let list = value.array else { throw fault(prefixKey, "expected a list of schemas") }
            let parent = Schema(pointer: schema.place(prefixKey), value: value)
            items.prefix = list.enumerated().map { parent.child(String($0), $1) }
        }
        if let value = keywords[restKey] { items.rest = schema.child(restKey, value) }
        if !items.prefix.isEmpty || items.rest != nil {
            facts.items.append(items)
            facts.hasDetails = true
        }
        facts.itemsMin = try count("minItems") ?? 0
        facts.itemsMax = try count("maxItems")
    }
}
