/// A template, read and ready to run.
struct Program: Sendable {
    let statements: [Statement]
    /// The first is the template's own, then one for each loop, macro and block that has one.
    let scopes: [ScopeLayout]
    /// Every variable's name; a `SymbolID` is a place in here.
    let names: [String]

    init(source: String, limits: TemplateLimits) throws(TemplateError) {
        if source.utf8.count > limits.sourceBytesMax {
            throw .limit(name: "sourceBytesMax", value: limits.sourceBytesMax)
        }
        var parser = Parser(try Lexer.tokens(source), nestingMax: limits.nestingMax)
        statements = try parser.parseTemplate()
        names = parser.names
        var analyzer = ScopeAnalyzer(count: parser.scopeCount)
        analyzer.analyze(statements)
        scopes = analyzer.layouts
    }
}

/// The variables of one scope and what each is when the scope is entered.
///
/// Jinja decides at reading time which scope a name belongs to, and a name that a scope assigns anywhere belongs to it
/// everywhere. It shows: in `{% for … %}{% for … %}{{ x }}{% endfor %}{% set x = 1 %}{% endfor %}` the inner x is never
/// a variable that the caller gave.
struct ScopeLayout: Sendable {
    enum Start: Sendable {
        /// Set by whoever enters the scope: a loop's target, a macro's parameter.
        case parameter
        /// The caller's variable of that name.
        case given
        /// A copy of the variable of an outer scope.
        case outer
        case undefined
    }

    private(set) var symbols: [SymbolID] = []
    private(set) var starts: [Start] = []
    /// Places by symbol, kept only where a linear search would be slower.
    private var places: [SymbolID: Int] = [:]
    private static let linearSearchMax = 16

    func place(of symbol: SymbolID) -> Int? {
        symbols.count <= Self.linearSearchMax ? symbols.firstIndex(of: symbol) : places[symbol]
    }

    /// Adds a variable, or says anew what it is at first.
    mutating func define(_ symbol: SymbolID, _ start: Start) {
        if let place = place(of: symbol) {
            starts[place] = start
            return
        }
        symbols.append(symbol)
        starts.append(start)
        if symbols.count == Self.linearSearchMax + 1 {
            places = Dictionary(uniqueKeysWithValues: zip(symbols, symbols.indices))
        } else if symbols.count > Self.linearSearchMax {
            places[symbol] = symbols.count - 1
        }
    }
}

/// Names that statements define without naming them; the parser knows these first.
enum KnownName {
    static let all = ["loop", "caller", "varargs", "kwargs"]
    static let loop: SymbolID = 0
    static let caller: SymbolID = 1
    static let varargs: SymbolID = 2
    static let kwargs: SymbolID = 3
}
