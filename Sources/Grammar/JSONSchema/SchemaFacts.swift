import JSON

/// What one alternative of a schema asserts, several schemas that must all hold put together.
struct SchemaFacts {
    enum Kind: String, CaseIterable {
        case null, boolean, number, string, array, object
    }

    /// A keyword's value and where it stands.
    struct Fact<Value> {
        var value: Value
        var place: String
    }

    /// The members that one schema object speaks of: what is additional depends on its own names.
    struct Members {
        var properties: [(name: String, schema: Schema)] = []
        var patterns: [(pattern: String, schema: Schema)] = []
        /// nil when the schema does not say.
        var additional: Schema?
    }

    struct Items {
        var prefix: [Schema] = []
        /// nil: anything.
        var rest: Schema?
    }

    var kinds = Set(Kind.allCases)
    var isInteger = false
    /// nil: no enum and no const.
    var values: [JSONValue]?
    /// Whether anything but the type is said.
    var hasDetails = false
    var place: String

    var range = NumberRange()
    var multiples: [Fact<JSONValue>] = []

    var lengthMin = 0
    var lengthMax: Int?
    var patterns: [Fact<String>] = []
    var formats: [Fact<String>] = []

    var members: [Members] = []
    var required: [String] = []
    var membersMin = 0
    var membersMax: Int?
    /// Members that no schema speaks of are forbidden.
    var isClosed = false

    var items: [Items] = []
    var itemsMin = 0
    var itemsMax: Int?

    init(place: String) { self.place = place }

    /// No value fits, as far as is easily seen.
    var isImpossible: Bool { kinds.isEmpty || values?.isEmpty ?? false }

    /// What holds where both hold.
    func joined(with other: SchemaFacts) -> SchemaFacts {
        var facts = self
        facts.kinds.formIntersection(other.kinds)
        facts.isInteger = isInteger || other.isInteger
        facts.hasDetails = hasDetails || other.hasDetails
        if let (mine, theirs) = values.flatMap({ mine in other.values.map { (mine, $0) } }) {
            facts.values = mine.filter { value in theirs.contains { SchemaValues.areEqual($0, value) } }
        } else {
            facts.values = values ?? other.values
        }
        facts.range.raise(other.range.lower)
        facts.range.reduce(other.range.upper)
        facts.multiples += other.multiples
        facts.lengthMin = max(lengthMin, other.lengthMin)
        facts.lengthMax = Self.least(lengthMax, other.lengthMax)
        facts.patterns += other.patterns
        facts.formats += other.formats
        facts.members += other.members
        facts.required += other.required.filter { !required.contains($0) }
        facts.membersMin = max(membersMin, other.membersMin)
        facts.membersMax = Self.least(membersMax, other.membersMax)
        facts.isClosed = isClosed || other.isClosed
        facts.items += other.items
        facts.itemsMin = max(itemsMin, other.itemsMin)
        facts.itemsMax = Self.least(itemsMax, other.itemsMax)
        return facts
    }

    private static func least(_ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}

extension NumberRange {
    mutating func raise(_ bound: Bound?) {
        guard let bound else { return }
        guard let old = lower else {
            lower = bound
            return
        }
        if old.value < bound.value || old.value == bound.value && !bound.isInclusive { lower = bound }
    }

    mutating func reduce(_ bound: Bound?) {
        guard let bound else { return }
        guard let old = upper else {
            upper = bound
            return
        }
        if bound.value < old.value || old.value == bound.value && !bound.isInclusive { upper = bound }
    }
}

/// JSON Schema's equality of values: numbers by what they are worth.
enum SchemaValues {
    static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let left = Decimal(left), let right = Decimal(right) { return left == right }
        switch (left, right) {
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { areEqual($0, $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.allSatisfy { member in right[member.key].map { areEqual($0, member.value) } ?? false }
        default: return left == right
        }
    }

    static func kind(_ value: JSONValue) -> SchemaFacts.Kind {
        switch value {
        case .null: .null
        case .bool: .boolean
        case .int, .double: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// Whether a value has one of the types that the facts leave.
    static func hasType(_ value: JSONValue, _ facts: SchemaFacts) -> Bool {
        let kind = kind(value)
        guard facts.kinds.contains(kind) else { return false }
        return kind != .number || !facts.isInteger || Decimal(value)?.isWhole ?? false
    }
}
