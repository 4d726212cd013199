/// An expression of a template. A chain of one rank (`a + b - c`, `x.y|f is z`) is one node, so that nesting in the
/// tree comes from brackets and ranks alone and is bounded by `TemplateLimits.nestingMax`.
indirect enum Expression: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(Text)
    case name(SymbolID)
    case list([Expression])
    case tuple([Expression])
    case dict([Pair])
    /// `not`, `count` times.
    case not(count: Int, Expression)
    /// Signs from the innermost: true is minus.
    case signed([Bool], Expression)
    case or([Expression])
    case and([Expression])
    case compare(Expression, [Comparison])
    case arithmetic(Expression, [Operation])
    case concatenation([Expression])
    case conditional(test: Expression, then: Expression, otherwise: Expression?)
    case postfix(Expression, [Postfix])

    struct Pair: Sendable {
        var key: Expression
        var value: Expression
    }

    struct Comparison: Sendable {
        enum Relation: Sendable { case equal, unequal, less, lessOrEqual, greater, greaterOrEqual, isIn, isNotIn }
        var relation: Relation
        var operand: Expression
    }

    struct Operation: Sendable {
        enum Kind: String, Sendable {
            case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", remainder = "%"
            case power = "**"
        }
        var kind: Kind
        var operand: Expression
    }

    /// What follows a value, from left to right.
    enum Postfix: Sendable {
        case attribute(Text, name: String)
        case item(Expression)
        case slice(start: Expression?, stop: Expression?, step: Expression?)
        case call(CallArguments)
        case filter(name: String, CallArguments)
        case test(name: String, CallArguments, isNegated: Bool)
    }
}

/// A variable's name as a number: its place in `Program.names`.
typealias SymbolID = Int

/// What stands in the parentheses of a call.
struct CallArguments: Sendable {
    struct Named: Sendable {
        var name: String
        var value: Expression
    }

    var positional: [Expression] = []
    var named: [Named] = []
    /// `*list`
    var spread: Expression?
    /// `**dict`
    var namedSpread: Expression?

    static let none = CallArguments()
}
