/// Finds which variables each scope has and what they are at first.
///
/// A scope's own statements are read first, then the scopes inside it, so that an inner scope sees every name that an
/// outer one assigns anywhere, before or after.
struct ScopeAnalyzer {
    private(set) var layouts: [ScopeLayout]
    private var parents: [ScopeID?]
    private var scope: ScopeID = 0
    /// The names that the current scope assigns, in order of the first assignment.
    private var stores: [SymbolID] = []
    private var stored: Set<SymbolID> = []
    private var inner: [Inner] = []

    private enum Inner {
        case loop(LoopStatement)
        case macro(MacroDefinition)
        case block(ScopeID, [Statement.Binding], [Expression.Postfix], [Statement])
    }

    init(count: Int) {
        layouts = Array(repeating: ScopeLayout(), count: count)
        parents = Array(repeating: nil, count: count)
    }

    mutating func analyze(_ template: [Statement]) {
        analyze(scope: 0, in: nil) { $0.visit(template) }
    }

    private mutating func analyze(
        scope next: ScopeID, in parent: ScopeID?, _ visit: (inout ScopeAnalyzer) -> Void
    ) {
        (scope, stores, stored, inner) = (next, [], [], [])
        parents[next] = parent
        visit(&self)
        for inner in inner { analyze(inner, in: next) }
    }

    private mutating func analyze(_ inner: Inner, in parent: ScopeID) {
        switch inner {
        case .loop(let loop):
            analyze(scope: loop.scopes.body, in: parent) {
                if loop.usesLoop { $0.declare(KnownName.loop) }
                $0.declare(loop.target)
                $0.visit(loop.body)
            }
            if let test = loop.test {
                analyze(scope: loop.scopes.test, in: parent) {
                    $0.declare(loop.target)
                    $0.load(test)
                }
            }
            analyze(scope: loop.scopes.otherwise, in: parent) { $0.visit(loop.otherwise) }
        case .macro(let macro):
            analyze(scope: macro.scope, in: parent) {
                for parameter in macro.parameters { $0.declare(parameter.symbol) }
                if macro.uses.contains(.caller) { $0.declare(KnownName.caller) }
                if macro.uses.contains(.varargs) { $0.declare(KnownName.varargs) }
                if macro.uses.contains(.kwargs) { $0.declare(KnownName.kwargs) }
                for parameter in macro.parameters { if let value = parameter.fallback { $0.load(value) } }
                $0.visit(macro.body)
            }
        case .block(let scope, let bindings, let filters, let body):
            analyze(scope: scope, in: parent) {
                for binding in bindings { $0.declare(binding.target) }
                for filter in filters { $0.load(filter) }
                $0.visit(body)
            }
        }
    }

    // MARK: Names

    private func isKnown(_ symbol: SymbolID, from start: ScopeID?) -> Bool {
        var scope = start
        while let next = scope {
            if layouts[next].place(of: symbol) != nil { return true }
            scope = parents[next]
        }
        return false
    }

    private mutating func define(_ symbol: SymbolID, _ start: ScopeLayout.Start) {
        layouts[scope].define(symbol, start)
    }

    private mutating func note(_ symbol: SymbolID) {
        if stored.insert(symbol).inserted { stores.append(symbol) }
    }

    private mutating func declare(_ symbol: SymbolID) {
        note(symbol)
        define(symbol, .parameter)
    }

    private mutating func declare(_ target: Target) {
        switch target {
        case .name(let symbol): declare(symbol)
        case .tuple(let parts): for part in parts { declare(part) }
        case .member(let symbol, _): load(symbol)
        }
    }

    private mutating func load(_ symbol: SymbolID) {
        if !isKnown(symbol, from: scope) { define(symbol, .given) }
    }

    private mutating func store(_ symbol: SymbolID) {
        note(symbol)
        if layouts[scope].place(of: symbol) != nil { return }
        define(symbol, isKnown(symbol, from: parents[scope]) ? .outer : .undefined)
    }

    private mutating func store(_ target: Target) {
        switch target {
        case .name(let symbol): store(symbol)
        case .tuple(let parts): for part in parts { store(part) }
        case .member(let symbol, _): load(symbol)
        }
    }

    // MARK: Statements

    private mutating func visit(_ statements: [Statement]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ statement: Statement) {
        switch statement {
        case .data, .breakLoop, .continueLoop: break
        case .output(let values, _): for value in values { load(value) }
        case .branch(let branches, let otherwise): visit(branches, otherwise)
        case .loop(let loop):
            load(loop.iterable)
            inner.append(.loop(loop))
        case .assign(let target, let value, _):
            load(value)
            store(target)
        case .capture(let target, let scope, let filters, let body, _):
            store(target)
            inner.append(.block(scope, [], filters, body))
        case .macro(let symbol, let definition):
            store(symbol)
            inner.append(.macro(definition))
        case .call(let call, let definition, _):
            load(call)
            inner.append(.macro(definition))
        case .filter(let scope, let filters, let body, _):
            for filter in filters { load(filter) }
            inner.append(.block(scope, [], [], body))
        case .with(let scope, let bindings, let body, _):
            for binding in bindings { load(binding.value) }
            inner.append(.block(scope, bindings, [], body))
        case .generation(let scope, let body): inner.append(.block(scope, [], [], body))
        }
    }

    /// What only some branch assigns is, where that branch is not taken, what it was outside.
    private mutating func visit(_ branches: [Statement.Branch], _ otherwise: [Statement]) {
        let before = stores.count
        for branch in branches {
            load(branch.test)
            visit(branch.body)
        }
        visit(otherwise)
        for symbol in stores[before...] {
            define(symbol, isKnown(symbol, from: parents[scope]) ? .outer : .given)
        }
    }

    // MARK: Expressions

    private mutating func load(_ value: Expression) {
        switch value {
        case .none, .bool, .int, .float, .string: break
        case .name(let symbol): load(symbol)
        case .list(let items), .tuple(let items), .or(let items), .and(let items), .concatenation(let items):
            for item in items { load(item) }
        case .dict(let pairs):
            for pair in pairs {
                load(pair.key)
                load(pair.value)
            }
        case .not(_, let value), .signed(_, let value): load(value)
        case .compare(let first, let comparisons):
            load(first)
            for comparison in comparisons { load(comparison.operand) }
        case .arithmetic(let first, let operations):
            load(first)
            for operation in operations { load(operation.operand) }
        case .conditional(let test, let then, let otherwise):
            load(test)
            load(then)
            if let otherwise { load(otherwise) }
        case .postfix(let value, let chain):
            load(value)
            for link in chain { load(link) }
        }
    }

    private mutating func load(_ link: Expression.Postfix) {
        switch link {
        case .attribute: break
        case .item(let index): load(index)
        case .slice(let start, let stop, let step):
            for part in [start, stop, step] { if let part { load(part) } }
        case .call(let arguments), .filter(_, let arguments), .test(_, let arguments, _):
            for value in arguments.positional { load(value) }
            for argument in arguments.named { load(argument.value) }
            if let spread = arguments.spread { load(spread) }
            if let spread = arguments.namedSpread { load(spread) }
        }
    }
}
