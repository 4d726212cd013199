extension Renderer {
    /// How a list of statements ended.
    enum Flow { case through, breaks, continues }

    @inline(never)
    func run(_ statements: [Statement]) throws(TemplateError) -> Flow {
        try enter()
        defer { leave() }
        for statement in statements {
            let flow = try run(statement)
            if flow != .through { return flow }
        }
        return .through
    }

    private func run(_ statement: Statement) throws(TemplateError) -> Flow {
        try charge(1)
        switch statement {
        case .data(let text): try write(text)
        case .output(let values, let line):
            self.line = line
            try write(values)
        case .branch(let branches, let otherwise): return try runBranch(branches, otherwise)
        case .loop(let loop):
            line = loop.line
            return try runLoop(loop)
        case .assign(let target, let value, let line):
            self.line = line
            try assign(target, try evaluate(value))
        case .capture(let target, let scope, let filters, let body, let line):
            return try runCapture(target, scope, filters, body, line)
        case .macro(let symbol, let definition):
            keep(scope)
            set(symbol, try function(.macro(definition, scope)))
        case .call(let call, let definition, let line):
            self.line = line
            try runCall(call, definition)
        case .filter(let scope, let filters, let body, let line):
            return try runFilter(scope, filters, body, line)
        case .with(let scope, let bindings, let body, let line):
            self.line = line
            return try runWith(scope, bindings, body)
        case .generation(let scope, let body): try runGeneration(scope, body)
        case .breakLoop: return .breaks
        case .continueLoop: return .continues
        }
        return .through
    }

    @inline(never)
    private func write(_ values: [Expression]) throws(TemplateError) {
        for value in values { try write(try string(try evaluate(value))) }
    }

    @inline(never)
    private func runBranch(
        _ branches: [Statement.Branch], _ otherwise: [Statement]
    ) throws(TemplateError) -> Flow {
        for branch in branches {
            line = branch.line
            if try evaluate(branch.test).isTrue { return try run(branch.body) }
        }
        return otherwise.isEmpty ? .through : try run(otherwise)
    }

    /// Runs `body` in a new scope inside the current one.
    func inScope(_ id: ScopeID, _ body: () throws(TemplateError) -> Void) throws(TemplateError) {
        let outer = scope
        defer { scope = outer }
        scope = Scope(program.scopes[id], in: outer)
        try start(scope)
        try body()
    }

    @inline(never)
    private func runCapture(
        _ target: Target, _ scope: ScopeID, _ filters: [Expression.Postfix], _ body: [Statement], _ line: Int
    ) throws(TemplateError) -> Flow {
        var flow = Flow.through
        var value = Value.none
        try inScope(scope) { () throws(TemplateError) in
            let text = try capture { () throws(TemplateError) in flow = try run(body) }
            self.line = line
            value = try follow(.string(text), filters)
        }
        if flow != .through { return flow }
        try assign(target, value)
        return .through
    }

    @inline(never)
    private func runFilter(
        _ scope: ScopeID, _ filters: [Expression.Postfix], _ body: [Statement], _ line: Int
    ) throws(TemplateError) -> Flow {
        var flow = Flow.through
        try inScope(scope) { () throws(TemplateError) in
            let text = try capture { () throws(TemplateError) in flow = try run(body) }
            if flow != .through { return }
            self.line = line
            try writeBlock(try follow(.string(text), filters))
        }
        return flow
    }

    /// Notes where the answer stands. Of a text that is still being made nobody knows where it will stand.
    @inline(never)
    private func runGeneration(_ scope: ScopeID, _ body: [Statement]) throws(TemplateError) {
        let start = output.count
        try inScope(scope) { () throws(TemplateError) in _ = try run(body) }
        if captures > 0 { hidesAnswers = true } else { answers.append(start..<output.count) }
    }

    @inline(never)
    private func runWith(
        _ scope: ScopeID, _ bindings: [Statement.Binding], _ body: [Statement]
    ) throws(TemplateError) -> Flow {
        var flow = Flow.through
        var values: [Value] = []
        for binding in bindings { values.append(try evaluate(binding.value)) }
        try inScope(scope) { () throws(TemplateError) in
            for (binding, value) in zip(bindings, values) { try assign(binding.target, value) }
            flow = try run(body)
        }
        return flow
    }

    /// `{% call f(…) %}`: f gets the block as its `caller`.
    @inline(never)
    private func runCall(_ call: Expression, _ definition: MacroDefinition) throws(TemplateError) {
        try enter()
        defer { leave() }
        keep(scope)
        let caller = try function(.macro(definition, scope))
        guard case .postfix(let base, let chain) = call, case .call(let arguments) = chain.last else { return }
        let callee = try follow(try evaluate(base), Array(chain.dropLast()))
        var values = try evaluate(arguments)
        values.named.append((name: "caller", value: caller))
        try writeBlock(try self.call(callee, values))
    }

    /// The result of a block is written as it is, so it has to be a text.
    private func writeBlock(_ value: Value) throws(TemplateError) {
        guard case .string(let text) = value else { throw misuse(of: value, "being written by a block") }
        try write(text)
    }

    func assign(_ target: Target, _ value: Value) throws(TemplateError) {
        switch target {
        case .name(let symbol): set(symbol, value)
        case .member(let symbol, let name):
            guard case .namespace(let namespace)? = lookUp(symbol, from: scope) else {
                throw .fault("'\(program.names[symbol])' is no namespace, so '\(name.string)' cannot be set")
            }
            try set(name, of: namespace, value)
        case .tuple(let parts):
            let values = try elements(of: value)
            if values.count != parts.count {
                throw .fault("\(values.count) values for \(parts.count) names")
            }
            for (part, value) in zip(parts, values) { try assign(part, value) }
        }
    }

    func set(_ name: Text, of namespace: NamespaceValue, _ value: Value) throws(TemplateError) {
        if name.scalars.first == "_" {
            throw .fault("a namespace keeps no '\(name.string)': names start with a letter")
        }
        if namespace.members.count >= limits.listItemsMax {
            throw .limit(name: "listItemsMax", value: limits.listItemsMax)
        }
        try charge(1 + namespace.members.count / 4)
        namespace[name] = value
    }
}
