/// What an expression of a template can be: Python's types, as far as templates meet them.
///
/// Lists and dictionaries never change once made (the sandbox forbids it), so only namespaces, loops and iterators have
/// an identity that matters. Whole numbers have 64 bits; what does not fit is an error, never another number.
enum Value {
    case undefined(Undefined)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(Text)
    case list(ListValue)
    case dict(DictValue)
    case range(RangeValue)
    case iterator(IteratorValue)
    case namespace(NamespaceValue)
    case loop(LoopState)
    case function(FunctionValue)

    static func trusted(_ string: String) -> Value { .string(Text(string)) }

    /// Python's name of the type, for errors.
    var kind: String {
        switch self {
        case .undefined: "undefined"
        case .none: "none"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "string"
        case .list(let list): list.kind.rawValue
        case .dict: "dict"
        case .range: "range"
        case .iterator: "iterator"
        case .namespace: "namespace"
        case .loop: "loop"
        case .function: "function"
        }
    }

    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let list): !list.items.isEmpty
        case .dict(let dict): dict.count > 0
        case .range(let range): range.count > 0
        case .iterator, .namespace, .loop, .function: true
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }
    var isNone: Bool { if case .none = self { true } else { false } }
    var text: Text? { if case .string(let text) = self { text } else { nil } }

    /// A whole number; Python counts the booleans among them.
    var int: Int? {
        switch self {
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// How deep lists and dictionaries nest in this value. Bounded when they are made, so that whatever walks a value
    /// by recursion, its release included, is bounded too.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .dict(let dict): dict.depth
        case .iterator(let iterator): iterator.depth
        case .function(let function): function.depth
        default: 0
        }
    }
}

/// Why a value is missing, told only when something needs it.
struct Undefined {
    var name: String
    /// What kind of value has no such member; nil for a variable.
    var owner: String?
    /// The member exists, and the sandbox keeps it from templates.
    var isForbidden = false

    var description: String {
        if isForbidden { return "the sandbox forbids '\(name)' of \(owner ?? "this value")" }
        return owner.map { "\($0) has no '\(name)'" } ?? "'\(name)' is undefined"
    }
}
