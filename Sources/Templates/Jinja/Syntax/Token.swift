/// One word of a template's source.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        case data([Unicode.Scalar])
        case printBegin, printEnd
        case blockBegin, blockEnd
        case name(String)
        case string([Unicode.Scalar])
        case int(Int)
        case float(Double)
        case symbol(Symbol)
        case end

        var description: String {
            switch self {
            case .data: "text"
            case .printBegin: "'{{'"
            case .printEnd: "'}}'"
            case .blockBegin: "'{%'"
            case .blockEnd: "'%}'"
            case .name(let name): "'\(name)'"
            case .string: "a string"
            case .int(let value): "\(value)"
            case .float(let value): "\(value)"
            case .symbol(let symbol): "'\(symbol.rawValue)'"
            case .end: "the template's end"
            }
        }
    }

    enum Symbol: String, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divide = "/"
        case remainder = "%"
        case tilde = "~"
        case power = "**"
        case floorDivide = "//"
        case openBracket = "["
        case closeBracket = "]"
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBrace = "{"
        case closeBrace = "}"
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case assign = "="
        case dot = "."
        case colon = ":"
        case pipe = "|"
        case comma = ","
        case semicolon = ";"

        /// How many characters it is.
        var length: Int {
            switch self {
            case .power, .floorDivide, .equal, .unequal, .lessOrEqual, .greaterOrEqual: 2
            default: 1
            }
        }
    }

    var kind: Kind
    var line: Int
}
