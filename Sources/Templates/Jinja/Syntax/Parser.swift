/// Reads tokens into statements and expressions, by Jinja's grammar.
struct Parser {
    let tokens: [Token]
    let nestingMax: Int
    var position = 0
    var nesting = 0
    /// Every variable's name, and its place.
    private(set) var names = KnownName.all
    private var symbols = Dictionary(uniqueKeysWithValues: zip(KnownName.all, 0...))
    /// The template's own scope is number 0.
    private(set) var scopeCount = 1
    /// Which special names each open macro or loop reads, the innermost last.
    var readers: [Reader] = []
    /// How many loops are open in the innermost macro: `break` needs one.
    var openLoops = 0

    /// Filters and tests that nobody knows. Jinja refuses a template for them, except inside an `if`, where they fail
    /// only when they are reached.
    var unknown: [(what: String, line: Int)] = []

    struct Reader {
        var isLoop: Bool
        var macroUses: MacroDefinition.Uses = []
        var usesLoop = false
    }

    init(_ tokens: [Token], nestingMax: Int) {
        self.tokens = tokens
        self.nestingMax = nestingMax
    }

    mutating func parseTemplate() throws(TemplateError) -> [Statement] {
        let statements = try parseStatements(until: [])
        if current != .end { throw fault("\(current.description) does not belong here") }
        try refuseUnknown(since: 0)
        return statements
    }

    // MARK: Tokens

    var current: Token.Kind { tokens[position].kind }
    var line: Int { tokens[position].line }

    var next: Token.Kind { position + 1 < tokens.count ? tokens[position + 1].kind : .end }

    mutating func advance() {
        if position + 1 < tokens.count { position += 1 }
    }

    mutating func skip(_ symbol: Token.Symbol) -> Bool { skip(.symbol(symbol)) }
    mutating func skip(word: String) -> Bool { skip(.name(word)) }

    private mutating func skip(_ kind: Token.Kind) -> Bool {
        if current != kind { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind) throws(TemplateError) {
        if !skip(kind) { throw fault("\(kind.description) should stand where \(current.description) does") }
    }

    mutating func expectName() throws(TemplateError) -> String {
        guard case .name(let name) = current else {
            throw fault("a name should stand where \(current.description) does")
        }
        advance()
        return name
    }

    func fault(_ reason: String) -> TemplateError { .syntax(line: line, reason: reason) }

    // MARK: Names, scopes, depth

    mutating func symbol(_ name: String) -> SymbolID {
        if let known = symbols[name] { return known }
        symbols[name] = names.count
        names.append(name)
        return names.count - 1
    }

    /// A variable that is read: macros and loops around it must know whether it is one of theirs.
    mutating func read(_ name: String) -> SymbolID {
        let symbol = symbol(name)
        switch symbol {
        case KnownName.loop: for place in readers.indices where readers[place].isLoop { readers[place].usesLoop = true }
        case KnownName.caller: note(.caller)
        case KnownName.varargs: note(.varargs)
        case KnownName.kwargs: note(.kwargs)
        default: break
        }
        return symbol
    }

    private mutating func note(_ use: MacroDefinition.Uses) {
        for place in readers.indices where !readers[place].isLoop { readers[place].macroUses.insert(use) }
    }

    func refuseUnknown(since start: Int) throws(TemplateError) {
        if unknown.count > start {
            throw .syntax(line: unknown[start].line, reason: "there is no \(unknown[start].what)")
        }
    }

    mutating func newScope() -> ScopeID {
        scopeCount += 1
        return scopeCount - 1
    }

    mutating func enter() throws(TemplateError) {
        nesting += 1
        if nesting > nestingMax { throw .limit(name: "nestingMax", value: nestingMax) }
    }

    mutating func leave() { nesting -= 1 }
}
